import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, startProcess } from '@parlance/devstack';
import type { Surroundings } from '../baselines/surroundings.ts';
import type { MeasuredProcess, RoomPeople, RunningSystem } from './running-system.ts';
import type { Servers } from './servers.ts';

/** What Parlance is compared with: see the programs in `baselines`. */
export type BaselineName = 'L0' | 'L1' | 'L1m' | 'L2';

/** Starts a baseline on these servers, in a database and with keys of its own. */
export async function startBaseline(servers: Servers, name: BaselineName): Promise<RunningSystem> {
  const stack = new AsyncDisposableStack();
  const processes: MeasuredProcess[] = [];
  const [port = 0, grpcPort = 0] = await freePorts(2);
  const start = async (label: string, program: string, told: Partial<Surroundings>): Promise<void> => {
    const given: Surroundings = {
      port,
      redisUrl: `redis://${servers.redis.addresses[0]}`,
      mongoUri: servers.mongo.uri.replace(/\/(?=\?|$)/, `/${name}`),
      ...told,
    };
    const started = await startProcess({
      name: `${name}-${label}`,
      command: process.execPath,
      args: [join(programs, program), JSON.stringify(given), protoFile],
      logFile: join(servers.directory, `${name}-${label}.log`),
      ready: /^ready$/,
      graceMs: 1_000,
    });
    stack.defer(() => started.kill());
    processes.push({ name: label, pid: started.pid });
  };
  try {
    if (name === 'L2') {
      await start('chat-service', 'l2/chat-service-process.js', { port: grpcPort });
      await start('gateway', 'l2/gateway-process.js', { grpcUrl: `127.0.0.1:${grpcPort}` });
    } else if (name === 'L0') await start('server', 'l0-process.js', {});
    else await start('server', 'l1-process.js', { store: name === 'L1m' });
    return {
      name,
      processes,
      ordered: false,
      addressOf: (user) => ({
        url: `http://127.0.0.1:${port}`,
        namespace: name === 'L2' ? '/chat' : '',
        token: user,
        readyEvent: undefined,
      }),
      createRoom: (people) => joinAll(`${name}-${roomsMade++}`, people),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

const programs = fileURLToPath(new URL('../baselines/', import.meta.url));
const protoFile = fileURLToPath(new URL('../../../src/bench/baselines/l2/chat.proto', import.meta.url));
let roomsMade = 0;

async function joinAll(roomId: string, { users, request }: RoomPeople): Promise<string> {
  for (const [member] of users.entries()) await request(member, 'join', { roomId });
  return roomId;
}
