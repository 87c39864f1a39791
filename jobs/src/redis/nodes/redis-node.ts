import { hostPort } from '@parlance/runtime';
import { Redis } from 'ioredis';
import { JobFailed } from '../../job-failed.js';
import { type ClusterNode, ownLine, parseClusterNodes, type SlotRange } from './cluster-node.js';

/** How to reach every node. */
export interface RedisAccess {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly tls: boolean;
}

/** One node, by one connection. Every command ends within five seconds. */
export class RedisNode implements Disposable {
  private constructor(
    private readonly client: Redis,
    private readonly place: { readonly name: string; readonly ip: string; readonly port: number },
  ) {}

  /** Connects, or rejects with JobFailed within two seconds. The name is checked in the certificate when TLS is used. */
  static async open(name: string, host: string, ip: string, port: number, access: RedisAccess): Promise<RedisNode> {
    const { username, password, tls } = access;
    const client = new Redis({
      host: ip,
      port,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(tls && { tls: { servername: host } }),
      lazyConnect: true,
      enableReadyCheck: false,
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
      connectTimeout: 2_000,
      commandTimeout: 5_000,
    });
    // `connect` says only that the connection is closed; this event came before and says why.
    let reason = '';
    client.on('error', (error) => {
      reason = reasonOf(error);
    });
    try {
      await client.connect();
    } catch (thrown) {
      client.disconnect();
      const where = name === hostPort(ip, port) ? name : `${name}, ${hostPort(ip, port)},`;
      throw new JobFailed(`${where} cannot be reached: ${reason || reasonOf(thrown)}`);
    }
    return new RedisNode(client, { name, ip, port });
  }

  /** Its view of itself and of the others. Rejects with JobFailed when it is no cluster node or too old. */
  async view(): Promise<ClusterNode> {
    return await this.told(async () => {
      const info = readInfo(await this.client.info());
      const version = info.get('redis_version') ?? '';
      if (info.get('cluster_enabled') !== '1') throw new JobFailed('it runs without cluster-enabled yes');
      if (Number.parseInt(version, 10) < 7)
        throw new JobFailed(`it is of version ${version}, and 7 or newer is needed`);
      const [nodes, cluster, keys] = await Promise.all([
        this.client.cluster('NODES'),
        this.client.cluster('INFO'),
        this.client.dbsize(),
      ]);
      const { id, known } = parseClusterNodes(String(nodes));
      return {
        ...this.place,
        busPort: ownLine({ id, known }).busPort,
        id,
        version,
        keys,
        state: readInfo(cluster).get('cluster_state') === 'ok' ? 'ok' : 'fail',
        following: info.get('role') !== 'slave' || info.get('master_link_status') === 'up',
        known,
      };
    });
  }

  /** Gives it slots, all or none of them, and before that its place among the masters where it has none. */
  async giveSlots(slots: readonly SlotRange[], epoch: number | undefined): Promise<void> {
    if (epoch !== undefined) await this.call('SET-CONFIG-EPOCH', epoch);
    await this.call('ADDSLOTSRANGE', ...slots.flat());
  }

  /** Tells it to shake hands with a node; done when it has been told, not when they have met. */
  async meet({ ip, port, busPort }: ClusterNode): Promise<void> {
    await this.call('MEET', ip, port, busPort);
  }

  /** Makes it a replica. Redis refuses while it does not know the master yet. */
  async follow(masterId: string): Promise<void> {
    await this.call('REPLICATE', masterId);
  }

  [Symbol.dispose](): void {
    this.client.disconnect();
  }

  private async call(command: string, ...values: readonly (string | number)[]): Promise<void> {
    await this.told(() => this.client.call('CLUSTER', command, ...values.map(String)));
  }

  private async told<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (thrown) {
      throw new JobFailed(`${this.place.name}: ${reasonOf(thrown)}`);
    }
  }
}

function readInfo(text: string): ReadonlyMap<string, string> {
  const pairs = text.split('\r\n').map((line) => line.split(':'));
  return new Map(pairs.map(([name = '', ...value]) => [name, value.join(':')]));
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.message;
}
