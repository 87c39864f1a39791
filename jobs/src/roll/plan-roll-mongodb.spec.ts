import { describe, expect, it } from 'vitest';
import { renderPlan } from '../plan.js';
import { planRollMongodb, type RolledGroup, type RolledPod } from './plan-roll-mongodb.js';

const [older, newer] = ['registry.example.com/mongo:7.0.14', 'registry.example.com/mongo:8.0'] as const;
const whole = {
  updateStrategy: 'OnDelete',
  revision: 'new',
  image: newer,
  state: 'formed',
  compatibility: '7.0',
} as const;

/** A replica set whose members 0 to count - 1 are made from the templates that are named; member 0 is primary. */
function set(name: string, revisions: readonly string[], more: Partial<RolledGroup> = {}): RolledGroup {
  const pods = revisions.map(
    (revision, index): RolledPod => ({
      name: `chat-${name}-${index}`,
      member: `${name}-${index}:1`,
      isReady: true,
      revision,
      image: revision === 'new' ? newer : older,
    }),
  );
  const role = name === 'config' ? 'config' : 'shard';
  return { ...whole, role, name, statefulSet: `chat-${name}`, pods, primary: `${name}-0:1`, ...more };
}

function routers(revisions: readonly string[], more: Partial<RolledGroup> = {}): RolledGroup {
  const { pods } = set('router', revisions);
  const own = { role: 'router', name: 'the routers', statefulSet: 'chat-router', primary: undefined } as const;
  return {
    ...whole,
    ...own,
    pods: pods.map((pod) => ({ ...pod, member: undefined })),
    compatibility: undefined,
    ...more,
  };
}

const allOld = ['old', 'old', 'old'];

/** Its steps, as `kind pod`. */
function stepsOf(groups: readonly RolledGroup[]): readonly string[] {
  const plan = planRollMongodb(groups);
  if (plan.verdict !== 'run') throw new Error(renderPlan(plan));
  return plan.steps.map((step) => ('pod' in step ? `${step.kind} ${step.pod.name}` : step.kind));
}

describe('a roll of MongoDB', () => {
  it('is nothing where all pods are made from the newest templates, also those that are not there', () => {
    const config = set('config', ['new', 'new', 'new']);
    const missing = { ...config.pods[1], revision: undefined, isReady: false } as RolledPod;
    expect(planRollMongodb([{ ...config, pods: [config.pods[0] as RolledPod, missing] }, routers(['new'])])).toEqual({
      verdict: 'nothing',
      reason: 'all 3 pods of MongoDB are made from the newest templates',
    });
  });

  it('goes config servers, shards, routers, of each set the primary last, with the balancer off', () => {
    const hot = set('hot-1', allOld, { primary: 'hot-1-2:1' });
    expect(stepsOf([set('config', allOld), hot, routers(['old', 'old'])])).toEqual([
      'pauseBalancer',
      ...['config-2', 'config-1', 'config-0', 'hot-1-1', 'hot-1-0', 'hot-1-2', 'router-1', 'router-0'].map(
        (pod) => `replace chat-${pod}`,
      ),
      'resumeBalancer',
    ]);
  });

  it('goes on where an earlier run was killed', () => {
    expect(stepsOf([set('config', ['new', 'new', 'new']), set('hot-1', ['old', 'new', 'new'])])).toEqual([
      'pauseBalancer',
      'replace chat-hot-1-0',
      'resumeBalancer',
    ]);
  });

  it('begins with what serves nobody: what is not ready, and all of a cluster that is none yet', () => {
    const config = set('config', allOld);
    const broken = { ...config, pods: config.pods.map((pod, index) => ({ ...pod, isReady: index !== 0 })) };
    expect(stepsOf([broken, routers(['old'])])).toEqual([
      'mend chat-config-0',
      'pauseBalancer',
      'replace chat-config-2',
      'replace chat-config-1',
      'replace chat-router-0',
      'resumeBalancer',
    ]);
    const fresh = { state: 'fresh', primary: undefined, compatibility: undefined } as const;
    expect(stepsOf([set('config', ['old'], fresh), set('hot-1', ['old'], fresh), routers(['old'], fresh)])).toEqual([
      'mend chat-config-0',
      'mend chat-hot-1-0',
      'mend chat-router-0',
    ]);
  });

  it('goes the other way round to an older version', () => {
    const back = { image: older, compatibility: '7.0' } as const;
    const of = (group: RolledGroup): RolledGroup => ({
      ...group,
      ...back,
      pods: group.pods.map((pod) => ({ ...pod, image: newer })),
    });
    const groups = [
      of(set('config', ['old'])),
      of(set('hot-1', ['new'])),
      of(set('warm-1', ['old', 'old'])),
      of(routers(['old'])),
    ];
    expect(stepsOf(groups)).toEqual([
      'pauseBalancer',
      'replace chat-router-0',
      'replace chat-warm-1-1',
      'replace chat-warm-1-0',
      'replace chat-config-0',
      'resumeBalancer',
    ]);
  });

  it('says of each step why', () => {
    const text = renderPlan(
      planRollMongodb([set('config', ['old']), set('hot-1', ['new', 'old', 'old'], { primary: 'hot-1-1:1' })]),
    );
    expect(text).toContain('because ranges do not move while servers differ');
    expect(text).toContain(
      `2. replace chat-config-0 of config\n   because it is made from an older template (old to new, ${older} to ${newer}); it is alone, so its set is away meanwhile`,
    );
    expect(text).toMatch(/3\. replace chat-hot-1-2 of hot-1\n.*it is a secondary, these come first/);
    expect(text).toMatch(
      /4\. let another be primary of hot-1, then replace chat-hot-1-1 of hot-1\n.*it is the primary/,
    );
  });

  it.each([
    [
      'a set that Kubernetes rolls itself',
      { updateStrategy: 'RollingUpdate' },
      'chat-hot-1 has the update strategy RollingUpdate',
    ],
    ['an image that is older than the data', { image: 'mongo:6.0' }, 'set that back first'],
    ['an image that is two versions ahead of the data', { compatibility: '6.0' }, 'one version of MongoDB at a time'],
    [
      'a set of which no member answers, though Kubernetes calls them ready',
      { state: 'away' },
      'no member of hot-1 answers',
    ],
  ] as const)('refuses %s', (_, more, text) => {
    const plan = planRollMongodb([set('config', ['new']), set('hot-1', allOld, more)]);
    expect(plan).toMatchObject({ verdict: 'refused', reason: expect.stringContaining(text) as string });
  });

  it.each(['mongo@sha256:abc', 'localhost:5000/mongo', 'mongo:noble'])(
    'takes an image without a version as it comes: %s',
    (image) => {
      expect(stepsOf([set('config', ['old'], { image, compatibility: '5.0' })])).toHaveLength(3);
    },
  );
});
