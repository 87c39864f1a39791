import { ChatError } from '@parlance/proto';

/** Says why one more connection of a user is refused, or undefined when there is room for it. Pure. */
export function refuseConnection(open: ConnectionCounts, most: ConnectionCounts): ChatError | undefined {
  if (open.ofUser >= most.ofUser) {
    return new ChatError('TOO_MANY_CONNECTIONS', { message: `A user may have ${most.ofUser} connections.` });
  }
  return open.ofAll >= most.ofAll
    ? new ChatError('TOO_MANY_CONNECTIONS', { message: 'This server is full.' })
    : undefined;
}

/** Numbers of connections at one gateway. */
export interface ConnectionCounts {
  readonly ofUser: number;
  readonly ofAll: number;
}
