import { type EventClass, operationList } from '@parlance/proto/operations';
import { variable } from '@parlance/runtime';
import { z } from 'zod';
import { burstSeconds } from './features/limits/event-limits.js';

/** How many socket events a user may send; spread them into the gateway's configuration. */
export const socketRates = {
  socketSendsPerSecond: rate('SOCKET_SENDS_PER_SECOND', 50, eventsOf('sends')),
  socketReadsPerSecond: rate('SOCKET_READS_PER_SECOND', 50, eventsOf('reads')),
  socketReceiptsPerSecond: rate('SOCKET_RECEIPTS_PER_SECOND', 100, eventsOf('receipts')),
  socketChangesPerSecond: rate('SOCKET_CHANGES_PER_SECOND', 20, 'events that change rooms, `joinRoom` included,'),
  socketTypingPerSecond: rate('SOCKET_TYPING_PER_SECOND', 3, eventsOf('typing')),
  socketOthersPerSecond: rate('SOCKET_OTHERS_PER_SECOND', 5, eventsOf('others', ['unknown'])),
} as const;

function rate(env: string, perSecond: number, what: string) {
  return variable({
    env,
    doc: `${what[0]?.toUpperCase()}${what.slice(1)} of one user at one gateway a second, in the long run; ${burstSeconds} times as many at once after a pause.`,
    schema: z.coerce.number().int().min(1).max(1_000_000).default(perSecond),
  });
}

/** The events of a class in words, those that are no operation behind them. */
function eventsOf(limit: EventClass, others: readonly string[] = []): string {
  const named = operationList.filter(({ event }) => event?.limit === limit).map(({ name }) => `\`${name}\``);
  return `${new Intl.ListFormat('en-GB').format([...named, ...others])} events`;
}
