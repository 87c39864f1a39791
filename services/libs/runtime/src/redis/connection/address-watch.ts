import { Redis } from 'ioredis';
import { everyBeat } from '../../waiting/every-beat.js';
import { connectionSettings } from './connection-settings.js';
import type { RedisAddress, RedisOptions } from './redis-options.js';
import { askIdentity, onlyReplica, type ServerIdentity } from './server-identity.js';

const addressMoved = 'the address leads to another server';

/**
 * Notices that an open connection is at the wrong server although nothing broke: the server has become a replica, or its
 * address leads to another one by now, as a proxy, a Service or a DNS name does after a failover while it leaves old
 * connections where they are. The old server may not know that it is no longer the primary, so every `everyMs`
 * (default 2 s) a connection is made for the purpose, and the two servers are compared by their `run_id`.
 *
 * For single servers; a cluster says itself who owns what. Where `INFO` is not allowed it notices nothing.
 */
export class AddressWatch {
  /** Looks no more. */
  readonly stop: () => void;
  private isLooking = false;

  /** `onWrong` is called with the reason, again at each look until the connection is another one. */
  constructor(
    private readonly address: RedisAddress,
    private readonly options: RedisOptions,
    private readonly watched: Redis,
    private readonly onWrong: (reason: string) => void,
    everyMs = 2_000,
  ) {
    this.stop = everyBeat(everyMs, () => {
      if (this.isLooking || watched.status !== 'ready') return;
      this.isLooking = true;
      // A connection that breaks meanwhile says so itself.
      void this.look()
        .catch(() => {})
        .finally(() => (this.isLooking = false));
    });
  }

  private async look(): Promise<void> {
    const { stream } = this.watched;
    const own = await askIdentity(this.watched);
    if (own === undefined) return;
    const there = own.isReplica ? undefined : await this.askAddress();
    if (this.watched.stream !== stream) return;
    if (own.isReplica) this.onWrong(onlyReplica);
    else if (there !== undefined && !there.isReplica && there.runId !== own.runId) this.onWrong(addressMoved);
  }

  private async askAddress(): Promise<ServerIdentity | undefined> {
    const probe = new Redis({
      ...connectionSettings(this.options),
      ...this.address,
      ...(this.options.connectionName === undefined ? {} : { connectionName: `${this.options.connectionName}-probe` }),
      lazyConnect: true,
      enableReadyCheck: false,
      retryStrategy: () => null,
    });
    probe.on('error', () => {});
    try {
      await probe.connect();
      return await askIdentity(probe);
    } finally {
      probe.disconnect();
    }
  }
}
