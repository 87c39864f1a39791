import { type ChatDatabase, commandTimeout } from '@parlance/storage';
import { type Db, MongoClient } from 'mongodb';
import { readShards } from './cluster-shards.js';
import { shardUri } from './shard-uri.js';

/**
 * Connections to the shards themselves, for what no router answers: bytes on disk, ranges that wait for deletion, and giving
 * space back. Nothing is written to documents through them. Each is opened when it is first asked for.
 */
export class ShardConnections implements AsyncDisposable {
  private readonly clients = new Map<string, Promise<MongoClient>>();

  /** `routerUri` says how to authenticate: the shards have to know the same user. */
  constructor(
    private readonly database: ChatDatabase,
    private readonly routerUri: string,
  ) {}

  /** The product's database on a shard's primary. Rejects when none answers within five seconds. */
  async primary(shard: string): Promise<Db> {
    return (await this.client(await this.hostOf(shard))).db();
  }

  /** The product's database on each member of a shard that holds data. */
  async members(shard: string): Promise<readonly Db[]> {
    const primary = await this.primary(shard);
    const { hosts = [], passives = [] } = await primary.command({ hello: 1 }, commandTimeout(5_000));
    const addresses = [...(hosts as readonly string[]), ...(passives as readonly string[])];
    return await Promise.all(addresses.map(async (address) => (await this.client(address)).db()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await Promise.allSettled(this.clients.values());
    await Promise.all(opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value.close()] : [])));
  }

  private async hostOf(shard: string): Promise<string> {
    const found = (await readShards(this.database)).find(({ id }) => id === shard);
    if (!found) throw new Error(`there is no shard ${shard}`);
    return found.host;
  }

  private async client(host: string): Promise<MongoClient> {
    const known = this.clients.get(host);
    if (known) return await known;
    const opening = MongoClient.connect(shardUri(this.routerUri, host), {
      appName: 'parlance-jobs',
      retryWrites: false,
      serverSelectionTimeoutMS: 5_000,
      maxPoolSize: 2,
    });
    this.clients.set(host, opening);
    return await opening;
  }
}
