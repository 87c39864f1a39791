import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { reasonOf } from '../../reason-of.js';
import { type Shard, type ShardedMongo, startShardedMongo } from '../start-sharded-mongo.js';

/**
 * Tells the processes of a test run where the sharded MongoDB is that they share: two hot shards, a warm and a cold one, started
 * when the first of them asks. They ask at {@link clusterSocket} of `folder`, where its data lie too. Disposing ends the servers.
 */
export async function offerCluster(folder: string): Promise<AsyncDisposable> {
  let starting: Promise<ShardedMongo> | undefined;
  const start = async (): Promise<ShardedMongo> => {
    const dataDir = await mkdtemp(join(folder, 'cluster-'));
    // The space of what was deleted can be given back at once, where a server keeps it readable for five minutes by default.
    return startShardedMongo({
      dataDir,
      readyTimeoutMs: 200_000,
      setParameters: { minSnapshotHistoryWindowInSeconds: 0 },
    });
  };
  const answer = async (): Promise<ClusterAnswer> => {
    starting ??= start();
    try {
      const { uri, shards } = await starting;
      return { uri, shards: shards.map(({ name, tier, uri: ofShard }) => ({ name, tier, uri: ofShard })) };
    } catch (error) {
      starting = undefined; // the next one who asks may have more luck
      return { fault: reasonOf(error) };
    }
  };
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => {}); // who asked may be gone
    void answer().then((told) => socket.end(JSON.stringify(told)));
  }).listen(clusterSocket(folder));
  await once(server, 'listening');
  return {
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of open) socket.destroy();
      await (await starting?.catch(() => undefined))?.kill();
    },
  };
}

/** Where {@link offerCluster} answers whoever connects, with a {@link ClusterAnswer} as JSON. */
export function clusterSocket(folder: string): string {
  return join(folder, 'cluster.sock');
}

/** Where the cluster is, or why there is none. */
export type ClusterAnswer = ClusterPlace | { readonly fault: string };

/** Where the cluster is: the router's URI without a database, and the shards in the order hot, warm, cold. */
export interface ClusterPlace {
  readonly uri: string;
  readonly shards: readonly Pick<Shard, 'name' | 'tier' | 'uri'>[];
}
