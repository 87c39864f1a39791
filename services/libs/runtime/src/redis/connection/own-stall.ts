import { Redis } from 'ioredis';

/**
 * Makes ioredis look once more at what has arrived before it calls a server silent. Its `socketTimeout` is a timer, and
 * after a process was held up, by a long computation or because it was not given a processor, overdue timers run before
 * what the network has brought meanwhile is read: the connection was ended although the answer was there, and all its
 * subscriptions with it. Done once for all connections, those that a cluster's client opens included.
 *
 * Replaces `Redis.prototype.setSocketTimeout` of ioredis 6.0.0, which is pinned; there is no option for it
 * (https://github.com/redis/ioredis/blob/main/lib/Redis.ts).
 */
export function forgiveOwnStalls(): void {
  const prototype = Redis.prototype as unknown as SilenceWatched;
  if (typeof prototype.setSocketTimeout !== 'function') throw new Error('ioredis has no setSocketTimeout any more');
  prototype.setSocketTimeout = watchSilence;
}

/** The parts of ioredis' client behind `socketTimeout`. The timer is cleared by ioredis when the connection closes. */
interface SilenceWatched {
  readonly stream: NodeJS.Socket & { destroy(error: Error): void };
  readonly options: { readonly socketTimeout?: number };
  readonly commandQueue: { readonly length: number };
  socketTimeoutTimer: NodeJS.Timeout | undefined;
  setSocketTimeout(): void;
}

function watchSilence(this: SilenceWatched): void {
  const { stream, options } = this;
  const giveUp = (): void => {
    // Undefined or another one: the answer has come, or the connection is gone.
    if (this.socketTimeoutTimer !== timer) return;
    this.socketTimeoutTimer = undefined;
    stream.destroy(new Error(`The server sent nothing for ${options.socketTimeout} ms and owes an answer.`));
  };
  // The network is read between two of these; TLS takes a turn more.
  const timer = setTimeout(() => setImmediate(() => setImmediate(giveUp)), options.socketTimeout);
  this.socketTimeoutTimer = timer;
  stream.once('data', () => {
    clearTimeout(timer);
    if (this.socketTimeoutTimer === timer) this.socketTimeoutTimer = undefined;
    if (this.commandQueue.length > 0) this.setSocketTimeout();
  });
}
