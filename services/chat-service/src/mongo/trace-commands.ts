import { activeTraceparent, type Span, startSpan } from '@parlance/runtime';
import type { CommandFailedEvent, CommandStartedEvent, CommandSucceededEvent, MongoClient } from 'mongodb';

/**
 * From now on each command that a traced call or insert has sent is a span below it: its name, its collection, and the code of a
 * failure; nothing of what it holds. A read that is gathered for several belongs to the one who asked first. The client has to be
 * opened with `monitorCommands`, which is worth its cost only where tracing is on.
 */
export function traceCommands(client: MongoClient): void {
  const open = new Map<number, Span>();
  const take = (requestId: number): Span | undefined => {
    const span = open.get(requestId);
    open.delete(requestId);
    return span;
  };
  client.on('commandStarted', ({ requestId, commandName, command }: CommandStartedEvent) => {
    const above = activeTraceparent();
    const span = above === undefined ? undefined : startSpan(commandName, 'client', above);
    if (span === undefined) return;
    span.set('db.system.name', 'mongodb');
    const collection: unknown = command[commandName === 'getMore' ? 'collection' : commandName];
    if (typeof collection === 'string') span.set('db.collection.name', collection);
    open.set(requestId, span);
  });
  client.on('commandSucceeded', ({ requestId }: CommandSucceededEvent) => take(requestId)?.end());
  client.on('commandFailed', ({ requestId, failure }: CommandFailedEvent) =>
    take(requestId)?.fail(failure.name, failure),
  );
}
