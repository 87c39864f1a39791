import { type Db, type Document, MongoClient, ObjectId, ReadConcern, Timestamp, type UUID } from 'mongodb';

/** The servers behind the router and what the config servers say about them. Reads are always fresh: nothing is cached but connections. */
export class ClusterServers {
  private readonly clients = new Map<string, MongoClient>();

  constructor(
    /** "csrs/127.0.0.1:1,127.0.0.1:2". */
    private readonly configdb: string,
  ) {}

  /** The admin database of the config servers' primary. */
  get configAdmin(): Db {
    return this.onHosts(this.configdb, 'admin');
  }

  /** The cluster's own books. */
  get books(): Db {
    return this.client(this.configdb).db('config', { readConcern: new ReadConcern('majority') });
  }

  /** All shards there are now, in the order they were added. */
  async shards(): Promise<readonly ShardEntry[]> {
    return this.books.collection<ShardEntry>('shards').find().toArray();
  }

  /** A database on one shard's primary. Throws when there is no such shard. */
  async onShard(shardId: string, db: string): Promise<Db> {
    const shard = (await this.shards()).find(({ _id }) => _id === shardId);
    if (shard === undefined) throw new Error(`no shard ${shardId}`);
    return this.onHosts(shard.host, db);
  }

  /** A database on the primary of a replica set given as "name/host,host". */
  onHosts(hosts: string, db: string): Db {
    return this.client(hosts).db(db);
  }

  /** Where a database lives, or `undefined` when the cluster does not know it. */
  async database(db: string): Promise<DatabaseEntry | undefined> {
    return (await this.books.collection<DatabaseEntry>('databases').findOne({ _id: db })) ?? undefined;
  }

  /** What is known of a sharded collection, or `undefined` when it is not sharded. */
  async collection(namespace: string): Promise<CollectionEntry | undefined> {
    return (await this.books.collection<CollectionEntry>('collections').findOne({ _id: namespace })) ?? undefined;
  }

  /** The shards that own chunks of a sharded collection, each with the version it has to be asked with. */
  async owners({ uuid, lastmodEpoch, timestamp }: CollectionEntry): Promise<readonly Owner[]> {
    const newest = [
      { $match: { uuid } },
      { $group: { _id: '$shard', v: { $max: '$lastmod' } } },
      { $sort: { _id: 1 } },
    ];
    const shards = this.books.collection('chunks').aggregate<{ _id: string; v: Timestamp }>(newest);
    return (await shards.toArray()).map(({ _id, v }) => ({
      shardId: _id,
      shardVersion: { e: lastmodEpoch, t: timestamp, v },
    }));
  }

  async close(): Promise<void> {
    await Promise.all([...this.clients.values()].map((client) => client.close()));
  }

  /**
   * A client whose first connection failed, as that of a router that starts before its config servers have a primary, answers "Topology is
   * closed" for good (driver 7.8): the next request takes a new one.
   */
  private client(hosts: string): MongoClient {
    const known = this.clients.get(hosts);
    if (known) return known;
    const client = replicaSetClient(hosts);
    client.once('topologyClosed', () => void (this.clients.get(hosts) === client && this.clients.delete(hosts)));
    this.clients.set(hosts, client);
    return client;
  }
}

/** A row of `config.shards`. */
export interface ShardEntry {
  /** Its name in the cluster. */
  readonly _id: string;
  /** "name/host,host". */
  readonly host: string;
}

/** A row of `config.databases`. `version` goes along with what is sent to the primary shard, as it is. */
export interface DatabaseEntry {
  readonly _id: string;
  readonly primary: string;
  readonly version: Document;
}

/** A row of `config.collections`. */
export interface CollectionEntry {
  readonly _id: string;
  readonly uuid: UUID;
  readonly lastmodEpoch: ObjectId;
  readonly timestamp: Timestamp;
  readonly key: Document;
}

/** A shard that owns a part of a collection. */
export interface Owner {
  readonly shardId: string;
  readonly shardVersion: Document;
}

/** The shard version of a collection that is not sharded. */
export const UNSHARDED: Document = {
  e: new ObjectId('0'.repeat(24)),
  t: new Timestamp({ t: 0, i: 0 }),
  v: new Timestamp({ t: 0, i: 0 }),
};

/** As mongos: a primary is looked for this long. */
const SELECTION_TIMEOUT_MS = 20_000;

function replicaSetClient(connection: string): MongoClient {
  const [name = '', hosts = ''] = connection.split('/');
  return new MongoClient(`mongodb://${hosts}/?replicaSet=${name}`, {
    serverSelectionTimeoutMS: SELECTION_TIMEOUT_MS,
    retryWrites: false,
    writeConcern: { w: 'majority' },
    appName: 'parlance-router',
  });
}
