import { type Address, ChatSocket } from './chat-socket.ts';
import type { CrowdAsked, CrowdTold } from './crowd-messages.ts';
import { runLoad } from './run-load.ts';

/**
 * The generator's process. It has one of its own so that its cost is seen apart from that of what is measured; the parent
 * asks over IPC, one thing at a time.
 */
const sockets: ChatSocket[] = [];

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
      for (let start = 0; start < asked.addresses.length; start += openedAtOnce) {
        const some = asked.addresses.slice(start, start + openedAtOnce);
        sockets.push(...(await Promise.all(some.map((address: Address) => ChatSocket.open(address)))));
      }
      return sockets.length;
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

const openedAtOnce = 40;

function tell(told: CrowdTold): void {
  process.send?.(told);
}
