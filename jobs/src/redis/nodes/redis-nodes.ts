import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type Address, hostPort } from '@parlance/runtime';
import { JobFailed } from '../../job-failed.js';
import type { ClusterNode } from './cluster-node.js';
import { type RedisAccess, RedisNode } from './redis-node.js';

/** The nodes that some addresses lead to, by connections of their own. */
export class RedisNodes implements Disposable {
  private constructor(private readonly nodes: ReadonlyMap<string, RedisNode>) {}

  /**
   * Opens a connection to every node. A name stands for all its addresses, so one headless Service names all pods. A node that
   * two names lead to counts once. Rejects with JobFailed when one of them cannot be reached or is no cluster node.
   */
  static async open(addresses: readonly Address[], access: RedisAccess): Promise<RedisNodes> {
    const places = (await Promise.all(addresses.map(resolve))).flat();
    const opened = await Promise.allSettled(
      places.map(({ name, host, ip, port }) => RedisNode.open(name, host, ip, port, access)),
    );
    const nodes = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    try {
      const failed = opened.find((each) => each.status === 'rejected');
      if (failed) throw failed.reason;
      const ids = await Promise.all(nodes.map(async (node) => (await node.view()).id));
      const byId = new Map(ids.map((id, index) => [id, nodes[index] as RedisNode]));
      const kept = new Set(byId.values());
      for (const node of nodes) if (!kept.has(node)) node[Symbol.dispose]();
      return new RedisNodes(byId);
    } catch (thrown) {
      for (const node of nodes) node[Symbol.dispose]();
      throw thrown;
    }
  }

  /** What each of them says now, in the order of their addresses. */
  async views(): Promise<readonly ClusterNode[]> {
    const views = await Promise.all([...this.nodes.values()].map((node) => node.view()));
    return views.toSorted((a, b) => a.ip.localeCompare(b.ip, 'en', { numeric: true }) || a.port - b.port);
  }

  /** How many there are. */
  get size(): number {
    return this.nodes.size;
  }

  /** The node with an id. */
  node(id: string): RedisNode {
    const node = this.nodes.get(id);
    if (!node) throw new JobFailed(`no address leads to node ${id}`);
    return node;
  }

  [Symbol.dispose](): void {
    for (const node of this.nodes.values()) node[Symbol.dispose]();
  }
}

interface Place {
  readonly name: string;
  readonly host: string;
  readonly ip: string;
  readonly port: number;
}

async function resolve({ host, port }: Address): Promise<readonly Place[]> {
  const written = hostPort(host, port);
  if (isIP(host)) return [{ name: written, host, ip: host, port }];
  const found = await lookup(host, { all: true }).catch((thrown: unknown) => {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
    throw new JobFailed(`${host} has no address: ${code}`);
  });
  // Of both kinds, one: a node is reached by either, and others would meet it by the one that was written.
  const family = found[0]?.family;
  const ips = [...new Set(found.filter((each) => each.family === family).map(({ address }) => address))];
  return ips.map((ip) => ({ name: ips.length === 1 ? written : `${written} (${ip})`, host, ip, port }));
}
