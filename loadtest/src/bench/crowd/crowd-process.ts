import { CanarySocket } from './canary-socket.ts';
import { type Address, ChatSocket, type CrowdSocket } from './chat-socket.ts';
import type { Answered, CrowdAsked, CrowdTold, Opened } from './crowd-messages.ts';
import { runLoad } from './run-load.ts';

/**
 * The generator's process. It has one of its own so that its cost is seen apart from that of what is measured; the parent
 * asks over IPC, one thing at a time.
 */
const sockets: CrowdSocket[] = [];

process.on('message', (asked: CrowdAsked) => {
  answer(asked).then(
    (value) => tell({ kind: 'answer', value }),
    (error: unknown) => tell({ kind: 'error', message: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit());

async function answer(asked: CrowdAsked): Promise<unknown> {
  switch (asked.kind) {
    case 'open':
      return open(asked);
    case 'drop':
      for (const socket of sockets.splice(0)) socket.terminate();
      return undefined;
    case 'pause':
      for (const connection of asked.connections) sockets[connection]?.pause();
      return undefined;
    case 'inTurn': {
      const answers: Answered[] = [];
      for (const { name, payload } of asked.requests) {
        const from = performance.now();
        const answer = await sockets[asked.connection]?.request(name, payload);
        answers.push({ ms: performance.now() - from, messages: messagesIn(answer) });
      }
      return answers;
    }
    case 'together':
      return Promise.all(
        asked.connections.map(async (connection) =>
          sockets[connection]?.request(asked.request.name, asked.request.payload),
        ),
      );
    case 'request':
      return sockets[asked.connection]?.request(asked.name, asked.payload);
    case 'load':
      return runLoad(sockets, asked.rooms, asked.spec, {
        begin: () => tell({ kind: 'mark', at: 'begin' }),
        end: () => tell({ kind: 'mark', at: 'end' }),
      });
    default:
      throw new Error(`asked for ${JSON.stringify(asked)}`);
  }
}

/** Connections keep the order of their addresses, whoever is first. */
async function open({ addresses, atOnce, first = [] }: Extract<CrowdAsked, { kind: 'open' }>): Promise<Opened> {
  const from = performance.now();
  const before = sockets.length;
  const messages = addresses.map(() => 0);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < addresses.length; index = next++) {
      const address = addresses[index] as Address;
      const socket = await (address.canary ? CanarySocket : ChatSocket).open(address);
      sockets[before + index] = socket;
      const request = first[index];
      if (request === undefined) continue;
      messages[index] = messagesIn(await socket.request(request.name, request.payload));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { allMs: performance.now() - from, messages };
}

function messagesIn(answer: unknown): number {
  return JSON.stringify(answer).split('"messageId":').length - 1;
}

function tell(told: CrowdTold): void {
  process.send?.(told);
}
