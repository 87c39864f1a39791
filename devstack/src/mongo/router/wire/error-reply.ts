import { type Document, MongoNetworkError, MongoServerError, MongoServerSelectionError } from 'mongodb';
import { reasonOf } from '../../../reason-of.js';
import { CommandError, FailedAnswer } from './command-error.js';

/** NotWritablePrimary and its relatives; see the driver specification "Server Discovery and Monitoring". */
const STATE_CHANGES: ReadonlySet<number> = new Set([10_107, 13_435, 13_436, 10_058, 11_600, 11_602, 189, 91]);

const BETWEEN_SERVERS: ReadonlySet<string> = new Set([
  '$gleStats',
  '$configTime',
  '$topologyTime',
  '$configServerState',
  'lastCommittedOpTime',
]);

/** The answer a client gets for what was thrown while its command ran: the server's own, where a server answered. */
export function errorReply(error: unknown): Document {
  if (error instanceof CommandError) return error.toReply();
  if (error instanceof FailedAnswer) return clientReply(error.reply);
  if (error instanceof MongoServerError) return clientReply(error.errorResponse);
  if (error instanceof MongoServerSelectionError) {
    return new CommandError(133, 'FailedToSatisfyReadPreference', reasonOf(error)).toReply();
  }
  if (error instanceof MongoNetworkError) return hostUnreachable(reasonOf(error));
  return new CommandError(8, 'UnknownError', reasonOf(error)).toReply();
}

/**
 * A server's answer as a router's client may see it: without what servers tell each other, and never "I am not primary",
 * which would be about another server than the one the client speaks to. mongos does the same.
 */
export function clientReply(reply: Document): Document {
  if (isStateChange(reply['code'])) return hostUnreachable(String(reply['errmsg']));
  return Object.fromEntries(Object.entries(reply).filter(([name]) => !BETWEEN_SERVERS.has(name)));
}

/** Whether a code says that a server is no longer, or not yet, one that does such work. */
export function isStateChange(code: unknown): boolean {
  return STATE_CHANGES.has(Number(code));
}

/** "HostUnreachable", which a driver takes for a passing fault. */
export function hostUnreachable(reason: string): Document {
  const message = reason.replaceAll(/not master|not primary|node is recovering/gi, 'shard is changing state');
  return new CommandError(6, 'HostUnreachable', message).toReply();
}
