import { beforeAll, describe, expect, it } from 'vitest';
import { findHelm } from '../find-helm.js';
import { podsOf } from '../pods-of.js';
import { chartCases, type Rendered, renderChart } from '../render-chart.js';
import { letsThrough, type PolicyPod } from './evaluate-policies.js';

/** Who connects to whom, port by port. Everything else is refused. */
const edges: readonly (readonly [string, string, number])[] = [
  ['ingress controller', 'gateway', 3000],
  ['ingress controller', 'web', 8080],
  ['test', 'gateway', 3000],
  ['monitoring', 'gateway', 3001],
  ['monitoring', 'chat-service', 4006],
  ['gateway', 'chat-service', 4005],
  ['gateway', 'redis', 6379],
  ['chat-service', 'redis', 6379],
  ['jobs', 'redis', 6379],
  ['redis', 'redis', 6379],
  ['redis', 'redis', 16_379],
  ['chat-service', 'mongodb-router', 27_017],
  ['jobs', 'mongodb-router', 27_017],
  ['jobs', 'mongodb', 27_018],
  ['jobs', 'mongodb', 27_019],
  ['mongodb-router', 'mongodb', 27_018],
  ['mongodb-router', 'mongodb', 27_019],
  ['mongodb', 'mongodb', 27_018],
  ['mongodb', 'mongodb', 27_019],
];
const ports = [3000, 3001, 4005, 4006, 6379, 8080, 16_379, 27_017, 27_018, 27_019];
const own = { 'kubernetes.io/metadata.name': 'talk' };
const stranger = (name: string): PolicyPod => ({
  labels: { app: name },
  namespace: { 'kubernetes.io/metadata.name': name },
});

const helm = await findHelm(4);
const production = chartCases.find(({ name }) => name === 'parlance with production');
if (!production) throw new Error('there is no ci/production-values.yaml');

describe.skipIf(helm === undefined)('the NetworkPolicies of a whole installation', () => {
  let policies: readonly Rendered[];
  let pods: ReadonlyMap<string, PolicyPod>;
  beforeAll(async () => {
    const objects = await renderChart(String(helm), production);
    policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
    const components = podsOf(objects).map(
      ({ labels }) => [labels['app.kubernetes.io/component'] ?? '', { labels, namespace: own }] as const,
    );
    pods = new Map<string, PolicyPod>([
      ...components,
      ['ingress controller', stranger('traefik')],
      ['monitoring', stranger('monitoring')],
      ['stranger', stranger('elsewhere')],
      ['stranger within', { labels: { app: 'shell' }, namespace: own }],
    ]);
  });

  it('are asked about every component that there is', () => {
    expect([...pods.keys()].toSorted()).toEqual(
      [
        'chat-service',
        'gateway',
        'ingress controller',
        'jobs',
        'mongodb',
        'mongodb-router',
        'monitoring',
        'redis',
        'stranger',
        'stranger within',
        'test',
        'web',
      ].toSorted(),
    );
  });

  it('allow what is needed and refuse every other pair of components at every port', () => {
    const isEdge = new Set(edges.map((edge) => edge.join(' > ')));
    const wrong: string[] = [];
    for (const [from, source] of pods) {
      for (const [to, target] of pods) {
        if (!('app.kubernetes.io/component' in target.labels)) continue;
        for (const port of ports) {
          const name = [from, to, port].join(' > ');
          const lets = letsThrough(policies, own, source, target, port);
          if (lets !== isEdge.has(name)) wrong.push(`${name} is ${lets ? 'allowed' : 'refused'}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('let nobody out to other ports of the world than those that were named, and the web page nowhere', () => {
    const world = stranger('world');
    const reached = (from: string): readonly number[] =>
      [22, 53, 80, 443, 3306, 6443, 8080].filter((port) =>
        letsThrough(policies, own, pods.get(from) as PolicyPod, world, port),
      );
    expect(reached('gateway')).toEqual([53, 443, 6443]);
    expect(reached('chat-service')).toEqual([53, 443]);
    expect(reached('jobs')).toEqual([53, 443, 6443]);
    expect(reached('mongodb')).toEqual([53]);
    expect(reached('redis')).toEqual([]);
    expect(reached('web')).toEqual([]);
  });
});
