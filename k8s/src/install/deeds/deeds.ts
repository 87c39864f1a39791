import { setTimeout as delay } from 'node:timers/promises';
import type { Checks } from '../checks.js';
import type { Figures } from '../people/figures.js';
import type { Load, Verdict } from '../people/load.js';
import type { Installation } from '../release/installation.js';
import { speedOf } from '../speed-of.js';
import { heldDown, unawaited } from './held-down.js';
import { primaryOf, redisMaster } from './roles.js';
import { rolledMongodb } from './rolled-mongodb.js';

/** How late a machine is that is too busy to tell a refusal from a time-out: this process itself, or everybody while nothing is done. Milliseconds. */
const busyMs = 1_000;
const atRest = 'nothing, for ten seconds';

/** What of the figures is a time, and how it is called. */
const timeNames = {
  longestGapMs: 'no ack for',
  longestSilenceMs: 'nothing heard for',
  longestOfflineMs: 'offline for',
  longestStallMs: 'the machine late by',
} as const satisfies Partial<Record<keyof Figures, string>>;

/** How long what is held down is away, seconds. */
const heldSeconds = 10;

/** The labels of what is done something to. */
const [gateways, chatServices, redis, hot] = [
  'app.kubernetes.io/component=gateway',
  'app.kubernetes.io/component=chat-service',
  'app.kubernetes.io/component=redis',
  'parlance.dev/set=hot-1',
] as const;

/**
 * Does to a running installation what happens to one, while people talk: scaling, rolls, kills, a drained node, an upgrade, a
 * rollback. A claim for each, with what people noticed of it; and that nobody was refused, and no message lost, doubled or out of order.
 * Rejects when the installation does not come back.
 */
export async function doDeeds(
  installation: Installation,
  load: Load,
  checks: Checks,
  say: (line: string) => void,
): Promise<void> {
  const refused: string[] = [];
  const busy: string[] = [];
  const speeds: string[] = [];
  for (const { what, deed, limits = {}, mayAnswer } of deedsOn(installation, say)) {
    await checks.step(what, async () => {
      const figures = await load.during(deed);
      const { acks, refusedSends, refusedHandshakes, ...times } = figures;
      const codes = [...new Set(refusedSends)].map((code) => ` ${code}`).join();
      const no = `refused ${refusedSends.length} sends${codes}, ${refusedHandshakes} handshakes`;
      const isForbidden = refusedSends.some((code) => code !== mayAnswer) || refusedHandshakes > 0;
      if (isForbidden) refused.push(`${what}: ${no}`);
      const late = Math.max(times.longestStallMs, what === atRest ? times.longestGapMs : 0);
      if (late > busyMs) busy.push(`${late.toFixed(0)} ms while ${what}`);
      for (const [name, limitMs] of Object.entries(limits) as readonly [Time, number][])
        speeds.push(speedOf(`${what}, ${timeNames[name]}`, times[name], limitMs));
      const took = Object.entries(timeNames).map(([name, text]) => `${text} ${times[name as Time].toFixed(0)} ms`);
      return [`${acks} acks`, no, ...took].join(', ');
    });
  }
  for (const line of speeds) say(line);
  const nobody = 'nobody was refused meanwhile';
  // Time-outs refuse too, and are about speed.
  if (refused.length > 0 && busy.length > 0)
    checks.skip(nobody, `this machine was too busy to tell (${busy.join(', ')}): ${refused.join('; ')}`);
  else
    await checks.claim(nobody, () =>
      refused.length > 0 ? Promise.reject(new Error(refused.join('; '))) : Promise.resolve(),
    );
  await checks.claim('no message is lost, doubled or out of order', () => load.end().then(whole));
}

/** The shard has no primary for longer than a send waits: the others may take ten seconds to miss it, MongoDB's default. */
const withoutPrimary = 'STORE_UNAVAILABLE';

type Time = keyof typeof timeNames;

interface Deed {
  readonly what: string;
  readonly deed: () => Promise<unknown>;
  /** How long it should take at most on a machine of its own, milliseconds. */
  readonly limits?: Partial<Record<Time, number>>;
  /** A code that sends may be refused with meanwhile. */
  readonly mayAnswer?: string;
}

function deedsOn(installation: Installation, say: (line: string) => void): readonly Deed[] {
  const rolled = async (selector: string, name: string): Promise<void> => {
    const { length } = await installation.pods(selector);
    const deployment = `deployment/${installation.release}-parlance-${name}`;
    await installation.kubectl('rollout', 'restart', deployment);
    await installation.kubectl('rollout', 'status', deployment, '--timeout=600s');
    // Those that stop still have people to send elsewhere.
    await installation.ready(selector, length);
  };
  const held = async (selector: string, pod: Promise<string>): Promise<void> =>
    heldDown(installation, await pod, selector, heldSeconds);
  const first = async (selector: string): Promise<string> =>
    (await installation.pods(selector))[0]?.metadata.name ?? '';
  const upgraded = (...settings: readonly string[]): Promise<string> =>
    installation.helm(
      'upgrade',
      installation.release,
      installation.chart,
      '--reuse-values',
      '--wait',
      '--timeout',
      '600s',
      ...settings.flatMap((setting) => ['--set', setting]),
    );
  const allReplaced = async (selector: string): Promise<void> => {
    const { length } = await installation.pods(selector);
    await installation.kubectl(
      'delete',
      'pods',
      '--selector',
      `app.kubernetes.io/instance=${installation.release},${selector}`,
      unawaited,
    );
    await installation.ready(selector, length);
  };
  const deletedPrimary = async (): Promise<void> => {
    const { length } = await installation.pods(hot);
    await installation.kubectl('delete', 'pod', await primaryOf(installation, 'hot-1'), unawaited);
    await installation.ready(hot, length);
  };
  /** Sets with more than one member, so that none is away; another request of CPU is another template. */
  const mongodbRolled = async (): Promise<void> => {
    const settings = ['config', 'tiers.hot', 'router'].map((of) => `mongodb.${of}.resources.requests.cpu=21m`);
    const order = await rolledMongodb(installation, ['config', 'hot-1', 'router'], () => upgraded(...settings));
    say(`MongoDB was rolled in this order: ${order}`);
  };
  const roll = { longestGapMs: 500, longestOfflineMs: 1_500 };
  return [
    { what: atRest, deed: () => delay(10_000) },
    { what: 'an upgrade: MongoDB is rolled', deed: mongodbRolled, mayAnswer: withoutPrimary },
    {
      what: 'an upgrade: 2 gateways, 3 chat services',
      deed: () => upgraded('gateway.replicas=2', 'chatService.replicas=3'),
    },
    { what: 'an upgrade: 2 chat services', deed: () => upgraded('chatService.replicas=2') },
    { what: 'the gateways are rolled', deed: () => rolled(gateways, 'gateway'), limits: roll },
    { what: 'the chat services are rolled', deed: () => rolled(chatServices, 'chat-service'), limits: roll },
    {
      what: `a gateway is deleted and away for ${heldSeconds} s`,
      deed: () => held(gateways, first(gateways)),
    },
    { what: 'a chat service likewise', deed: () => held(chatServices, first(chatServices)) },
    { what: 'a Redis master likewise', deed: () => held(redis, redisMaster(installation)) },
    {
      what: 'the primary of the hot shard likewise',
      deed: () => held(hot, primaryOf(installation, 'hot-1')),
      mayAnswer: withoutPrimary,
    },
    {
      what: 'the primary of the hot shard is deleted',
      deed: deletedPrimary,
      limits: { longestGapMs: 2_500 },
      mayAnswer: withoutPrimary,
    },
    {
      what: 'all Redis pods are deleted at once',
      deed: () => allReplaced(redis),
      limits: { longestSilenceMs: 10_000 },
    },
    { what: 'a node is drained of gateways and chat services', deed: () => drained(installation) },
    {
      what: 'a rollback to the values before',
      // Those with which MongoDB runs: it is rolled once.
      deed: () => installation.helm('rollback', installation.release, '2', '--wait', '--timeout', '600s'),
    },
  ];
}

/** Empties the node of the first gateway; what lies on disks of its own stays, since it could go nowhere. */
async function drained(installation: Installation): Promise<void> {
  const [gateway] = await installation.pods(gateways);
  const node = String(gateway?.spec?.['nodeName']);
  const counts = await Promise.all(
    [gateways, chatServices].map(async (each) => (await installation.pods(each)).length),
  );
  const selector = `app.kubernetes.io/instance=${installation.release},app.kubernetes.io/component in (gateway, chat-service)`;
  try {
    await installation.kubectl('drain', node, '--pod-selector', selector, '--timeout=600s');
    for (const [index, each] of [gateways, chatServices].entries()) await installation.ready(each, counts[index] ?? 0);
  } finally {
    await installation.kubectl('uncordon', node);
  }
}

/** Rejects when a promise was broken; else answers how much it was tried with. */
async function whole({ sent, lost, doubled, disordered }: Verdict): Promise<string> {
  const text = `of ${sent} acknowledged messages ${lost} lost, ${doubled} doubled, ${disordered} out of order`;
  if (sent === 0 || lost + doubled + disordered > 0) throw new Error(text);
  return text;
}
