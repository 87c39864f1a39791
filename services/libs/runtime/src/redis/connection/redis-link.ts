import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from './redis-client.js';

/** One connection to Redis, or those of one purpose to a cluster, as they are shown. */
export interface RedisLink {
  isUp(): boolean;
  /** Adds a listener for each time that it is back after it was lost. */
  onBack(listener: () => void): void;
  /** Commands without an answer. Default: none that count. */
  readonly inFlight?: () => number;
}

/** The connection of a client for commands. */
export function clientLink(client: RedisClient): RedisLink {
  const nodes = (): readonly Redis[] => (client instanceof Cluster ? client.nodes('master') : [client]);
  return {
    isUp: () => client.status === 'ready' && nodes().every(({ status }) => status === 'ready'),
    onBack: (listener) => {
      let wasReady = client.status === 'ready';
      client.on('ready', () => {
        if (wasReady) listener();
        wasReady = true;
      });
    },
    inFlight: () => nodes().reduce((sum, node) => sum + (node as unknown as WithQueue).commandQueue.length, 0),
  };
}

/** Where ioredis 6.0 keeps commands until their answers come. */
interface WithQueue {
  readonly commandQueue: { readonly length: number };
}
