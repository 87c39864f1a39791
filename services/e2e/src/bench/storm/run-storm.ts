import { readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ChatClient } from '../../clients/chat-client.js';
import { signToken } from '../../clients/sign-token.js';
import { type Deployment, startDeployment } from '../../deployment/start-deployment.js';
import { type Percentiles, percentilesOf } from '../../faults/percentiles.js';
import { Crowd } from './crowd.js';
import type { CrowdCount } from './crowd-worker.js';
import { Pairs } from './pairs.js';
import { type ProcessLoad, processLoads } from './process-load.js';

/** How large the storm is. */
export interface StormOptions {
  readonly redis: 'single' | 'cluster';
  readonly gateways: number;
  readonly chatServices: number;
  /** Connected people besides the one who creates the room. */
  readonly people: number;
  /** How many of them are added to another room afterwards. */
  readonly added: number;
  /** Pairs who talk elsewhere. */
  readonly pairs: number;
  /** Pause between two messages of a pair, on average. */
  readonly everyMs: number;
  /** Seconds of talk before anything happens. */
  readonly calmSeconds: number;
  readonly say: (line: string) => void;
}

/** One span of the run, and what the others saw in it. */
export interface StormPhase {
  readonly name: string;
  /** Milliseconds to the answer; undefined where nothing was asked. */
  readonly ackMs?: number;
  /** `OK` or the code of the refusal. */
  readonly answer?: string;
  /** Others' milliseconds from sending to being shown. */
  readonly others: Percentiles;
  /** Others' sends that were refused. */
  readonly refused: number;
  readonly crowd: CrowdCount;
  /** Of each process, in this span. */
  readonly loads: readonly ProcessLoad[];
  /** Redis subscriptions that gateways lost. */
  readonly lostSubscriptions: number;
  /** The machine's load average of the last minute at the end. */
  readonly machineLoad: number;
}

/** Runs it once on a deployment of its own. */
export async function runStorm(options: StormOptions): Promise<readonly StormPhase[]> {
  const { say, people, added } = options;
  say(`Starting ${options.gateways} gateways, ${options.chatServices} chat services, Redis: ${options.redis} ...`);
  await using deployment = await startDeployment({
    ...options,
    env: { HANDSHAKES_PER_IP_PER_MINUTE: '100000' },
  });
  const urls = deployment.gateways.map(({ url }) => url);
  const names = Array.from({ length: people }, (_, index) => `person-${index}`);
  const members = names.map((name, index) => ({ url: urls[index % urls.length] ?? '', token: signToken(name) }));
  await using crowd = await Crowd.open({ members }, (count) => {
    if (count % 200 < 40) say(`${count} of ${people} people are connected`);
  });
  const host = await ChatClient.connect(urls[0] ?? '', 'host');
  const pairs = await Pairs.open(options.pairs, urls);
  const other = await host.ask('createRoom', {
    roomType: 'group',
    participants: names.slice(0, Math.max(1, people - added - 1)),
  });
  await delay(2_000);
  pairs.talk(options.everyMs);
  const observe = phaseObserver(deployment, crowd, pairs);
  const phases: StormPhase[] = [];
  const phase = async (name: string, play: () => Promise<Partial<StormPhase>>): Promise<void> => {
    say(`${name} ...`);
    phases.push(await observe(name, play));
  };
  try {
    await phase('nothing happens', async () => {
      await delay(options.calmSeconds * 1_000);
      return {};
    });
    let created = '';
    await phase(`a room of ${people + 1} is created`, async () => {
      const asked = await timed(() => host.request('createRoom', { roomType: 'group', participants: names }));
      if (asked.ack.success) created = asked.ack.data.roomId;
      return outcome(asked);
    });
    if (created) {
      await phase('a message into it', async () =>
        outcome(await timed(() => host.request('sendMessage', { roomId: created, content: 'hello' }))),
      );
    }
    await phase(`${added} are added to a room of ${people - added}`, async () => {
      const request = { roomId: other.roomId, userIds: names.slice(people - added) };
      return outcome(await timed(() => host.request('addParticipants', request)));
    });
    if (created) {
      await phase('somebody is removed', async () => {
        const request = { roomId: created, userId: names.at(-1) ?? '' };
        return outcome(await timed(() => host.request('removeParticipant', request)));
      });
    }
  } finally {
    pairs.close();
    host.close();
  }
  return phases;
}

function phaseObserver(deployment: Deployment, crowd: Crowd, pairs: Pairs) {
  return async (name: string, play: () => Promise<Partial<StormPhase>>): Promise<StormPhase> => {
    await crowd.reset();
    const loadsBefore = await processLoads(deployment);
    const [lostBefore, failedBefore] = [await lostSubscriptions(deployment), pairs.failed];
    const from = performance.now();
    const played = await play();
    const counted = await quiet(crowd);
    const to = performance.now();
    await delay(300);
    const loads = await processLoads(deployment);
    return {
      name,
      ...played,
      others: percentilesOf(pairs.between(from, to)),
      refused: pairs.failed - failedBefore,
      crowd: counted,
      loads: loads.map((load, index) => ({
        ...load,
        cpuSeconds: load.cpuSeconds - (loadsBefore[index]?.cpuSeconds ?? 0),
      })),
      lostSubscriptions: (await lostSubscriptions(deployment)) - lostBefore,
      machineLoad: loadavg()[0] ?? 0,
    };
  };
}

/** Everything that came, once nothing has come for three seconds, or after a minute. */
async function quiet(crowd: Crowd): Promise<CrowdCount> {
  let counted = await crowd.count();
  for (let round = 0, silence = 0; silence < 6 && round < 120; round++) {
    await delay(500);
    const before = JSON.stringify(counted);
    counted = await crowd.count();
    silence = JSON.stringify(counted) === before ? silence + 1 : 0;
  }
  return counted;
}

async function timed<Ack>(ask: () => Promise<Ack>): Promise<{ readonly ack: Ack; readonly ackMs: number }> {
  const from = performance.now();
  const ack = await ask();
  return { ack, ackMs: performance.now() - from };
}

type AnyAck = { readonly success: true } | { readonly success: false; readonly error: { readonly code: string } };

function outcome({ ack, ackMs }: { readonly ack: AnyAck; readonly ackMs: number }): Partial<StormPhase> {
  return { ackMs, answer: ack.success ? 'OK' : ack.error.code };
}

/** Channels in the gateways' log lines about interrupted subscriptions. */
async function lostSubscriptions({ gateways, directory }: Deployment): Promise<number> {
  const logs = await Promise.all(
    gateways.map((_, index) => readFile(join(directory, `gateway-${index + 1}.log`), 'utf8')),
  );
  const lines = logs.flatMap((log) => log.split('\n')).filter((line) => line.includes('subscriptions are interrupted'));
  return lines.reduce((sum, line) => sum + Number(/"channels":(\d+)/.exec(line)?.[1] ?? 0), 0);
}
