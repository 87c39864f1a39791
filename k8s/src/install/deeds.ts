import type { Installation } from './installation.js';
import type { Figures, Load, Verdict } from './load.js';

/**
 * Does to a running installation what happens to one, while people talk: rolls, deletions, an upgrade, a rollback. Answers a row
 * for each, and rejects when a message was lost, doubled or came out of order at the end.
 */
export async function doDeeds(installation: Installation, load: Load, say: (line: string) => void): Promise<void> {
  const full = `${installation.release}-parlance`;
  const rolled = async (name: string): Promise<void> => {
    await installation.kubectl('rollout', 'restart', `deployment/${name}`);
    await installation.kubectl('rollout', 'status', `deployment/${name}`, '--timeout=180s');
    // Those that stop still have people to send elsewhere.
    const component = name.slice(full.length + 1);
    const selector = `app.kubernetes.io/instance=${installation.release},app.kubernetes.io/component=${component}`;
    const wanted = (await installation.list('deployments', selector))[0]?.spec?.['replicas'];
    await installation.until(`the old pods of ${name} are gone`, 120, async () => {
      const pods = await installation.list('pods', selector);
      return pods.length === wanted ? undefined : `there are ${pods.length} pods, and ${String(wanted)} are wanted`;
    });
  };
  const replaced = async (selector: string): Promise<void> => {
    await installation.kubectl(
      'delete',
      'pods',
      '--selector',
      `app.kubernetes.io/instance=${installation.release},${selector}`,
    );
    await installation.kubectl(
      'wait',
      'pods',
      '--for=condition=Ready',
      '--timeout=180s',
      '--selector',
      `app.kubernetes.io/instance=${installation.release},${selector}`,
    );
  };
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
  const deeds: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['nothing, for ten seconds', () => new Promise((done) => setTimeout(done, 10_000))],
    ['the gateways are rolled', () => rolled(`${full}-gateway`)],
    ['the chat services are rolled', () => rolled(`${full}-chat-service`)],
    ['an upgrade makes it three chat services', () => upgraded('chatService.replicas=3')],
    ['an upgrade makes it two', () => upgraded('chatService.replicas=2')],
    [
      'a rollback to the first values',
      () => installation.helm('rollback', installation.release, '1', '--wait', '--timeout', '180s'),
    ],
    ['the primary of the hot shard is deleted', () => replaced('parlance.dev/set=hot-1')],
    ['all Redis pods are deleted at once', () => replaced('app.kubernetes.io/component=redis')],
  ];
  say(row('what', 'acks', 'refused sends', 'refused handshakes', 'longest gap ms', 'longest offline ms'));
  for (const [what, deed] of deeds) say(rowOf(what, await load.during(deed)));
  const verdict = await load.end();
  say(
    `of ${verdict.sent} acknowledged messages: ${verdict.lost} lost, ${verdict.doubled} doubled, ${verdict.disordered} out of order`,
  );
  if (isBad(verdict)) throw new Error('a promise was broken');
}

function isBad({ sent, lost, doubled, disordered }: Verdict): boolean {
  return sent === 0 || lost + doubled + disordered > 0;
}

function rowOf(
  what: string,
  { acks, refusedSends, refusedHandshakes, longestGapMs, longestOfflineMs }: Figures,
): string {
  return row(
    what,
    `${acks}`,
    `${refusedSends}`,
    `${refusedHandshakes}`,
    longestGapMs.toFixed(0),
    longestOfflineMs.toFixed(0),
  );
}

function row(what: string, ...cells: readonly string[]): string {
  return `${what.padEnd(42)}${cells.map((cell) => cell.padStart(20)).join('')}`;
}
