import { setTimeout as delay } from 'node:timers/promises';
import { heldDown } from './held-down.js';
import type { Installation } from './installation.js';
import type { Figures, Load, Verdict } from './load.js';
import { primaryOf, redisMaster } from './roles.js';
import { rolledMongodb } from './rolled-mongodb.js';

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
 * rollback. Says a row for each, and rejects when a message was lost, doubled or came out of order at the end.
 */
export async function doDeeds(installation: Installation, load: Load, say: (line: string) => void): Promise<void> {
  const deeds = deedsOn(installation, say);
  say(row('what', 'acks', 'refused sends', 'refused handshakes', 'gap ms', 'silence ms', 'offline ms'));
  for (const [what, deed] of deeds) say(rowOf(what, await load.during(deed)));
  const verdict = await load.end();
  say(
    `of ${verdict.sent} acknowledged messages: ${verdict.lost} lost, ${verdict.doubled} doubled, ${verdict.disordered} out of order`,
  );
  if (isBad(verdict)) throw new Error('a promise was broken');
}

function deedsOn(
  installation: Installation,
  say: (line: string) => void,
): readonly (readonly [string, () => Promise<unknown>])[] {
  const rolled = async (selector: string, name: string): Promise<void> => {
    const { length } = await installation.pods(selector);
    const deployment = `deployment/${installation.release}-parlance-${name}`;
    await installation.kubectl('rollout', 'restart', deployment);
    await installation.kubectl('rollout', 'status', deployment, '--timeout=180s');
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
      '180s',
      ...settings.flatMap((setting) => ['--set', setting]),
    );
  const allReplaced = async (selector: string): Promise<void> => {
    const { length } = await installation.pods(selector);
    await installation.kubectl(
      'delete',
      'pods',
      '--selector',
      `app.kubernetes.io/instance=${installation.release},${selector}`,
    );
    await installation.ready(selector, length);
  };
  /** Sets with more than one member, so that none is away; another request of CPU is another template. */
  const mongodbRolled = async (): Promise<void> => {
    const settings = ['config', 'tiers.hot', 'router'].map((of) => `mongodb.${of}.resources.requests.cpu=21m`);
    const order = await rolledMongodb(installation, ['config', 'hot-1', 'router'], () => upgraded(...settings));
    say(`MongoDB was rolled in this order: ${order}`);
  };
  return [
    ['nothing, for ten seconds', () => delay(10_000)],
    ['an upgrade: MongoDB is rolled', mongodbRolled],
    ['an upgrade: 2 gateways, 3 chat services', () => upgraded('gateway.replicas=2', 'chatService.replicas=3')],
    ['an upgrade: 2 chat services', () => upgraded('chatService.replicas=2')],
    ['the gateways are rolled', () => rolled(gateways, 'gateway')],
    ['the chat services are rolled', () => rolled(chatServices, 'chat-service')],
    [`a gateway is deleted and away for ${heldSeconds} s`, () => held(gateways, first(gateways))],
    [`a chat service likewise`, () => held(chatServices, first(chatServices))],
    ['a Redis master likewise', () => held(redis, redisMaster(installation))],
    ['the primary of the hot shard likewise', () => held(hot, primaryOf(installation, 'hot-1'))],
    [
      'the primary of the hot shard is deleted',
      async () => {
        const { length } = await installation.pods(hot);
        await installation.kubectl('delete', 'pod', await primaryOf(installation, 'hot-1'));
        await installation.ready(hot, length);
      },
    ],
    ['all Redis pods are deleted at once', () => allReplaced(redis)],
    ['a node is drained of gateways and chat services', () => drained(installation)],
    [
      'a rollback to the values before',
      // Those with which MongoDB runs: it is rolled once.
      () => installation.helm('rollback', installation.release, '2', '--wait', '--timeout', '180s'),
    ],
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
    await installation.kubectl('drain', node, '--pod-selector', selector, '--timeout=180s');
    for (const [index, each] of [gateways, chatServices].entries()) await installation.ready(each, counts[index] ?? 0);
  } finally {
    await installation.kubectl('uncordon', node);
  }
}

function isBad({ sent, lost, doubled, disordered }: Verdict): boolean {
  return sent === 0 || lost + doubled + disordered > 0;
}

function rowOf(what: string, figures: Figures): string {
  const { acks, refusedSends, refusedHandshakes, longestGapMs, longestSilenceMs, longestOfflineMs } = figures;
  const times = [longestGapMs, longestSilenceMs, longestOfflineMs].map((each) => each.toFixed(0));
  return row(what, `${acks}`, `${refusedSends}`, `${refusedHandshakes}`, ...times);
}

function row(what: string, ...cells: readonly string[]): string {
  return `${what.padEnd(50)}${cells.map((cell) => cell.padStart(20)).join('')}`;
}
