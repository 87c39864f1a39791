import type { ClusterServers, ShardEntry } from './cluster-servers.js';
import { CommandError } from './command-error.js';
import { ShardLink } from './shard-link.js';

/**
 * The one shard server whose own routing commands do the routing: its primary, until it is lost. Cursors live there, so it
 * is changed only when it must be. The shard added last is preferred: the coldest, which has the least to do.
 */
export class RoutingShard {
  readonly #servers: ClusterServers;
  readonly #links = new Set<ShardLink>();
  #known: readonly ShardEntry[] = [];
  #address: string | undefined;
  #choosing: Promise<string> | undefined;

  constructor(servers: ClusterServers) {
    this.#servers = servers;
  }

  /** A new connection to it. Throws a {@link CommandError} when no shard has a primary. */
  async link(): Promise<ShardLink> {
    const address = this.#address ?? (await this.#choose());
    try {
      const link = await ShardLink.open(address, CONNECT_TIMEOUT_MS);
      for (const each of this.#links) if (!each.open) this.#links.delete(each);
      this.#links.add(link);
      return link;
    } catch {
      this.lost(address);
      throw new CommandError(6, 'HostUnreachable', `Error connecting to ${address}`);
    }
  }

  /** Told by who saw that the server at `address` is gone, or is primary no longer. All that wait for it hear of it. */
  lost(address: string): void {
    if (this.#address === address) this.#address = undefined;
    for (const link of this.#links) {
      if (link.address !== address) continue;
      link.close();
      this.#links.delete(link);
    }
  }

  /** Asks it whether it is still there and primary; a silent one is given up when another one answers. */
  async check(): Promise<void> {
    this.#known = await this.#servers.shards();
    const address = this.#address;
    if (address === undefined) return;
    const answers = await this.#primaries();
    if (answers.length > 0 && !answers.includes(address)) this.lost(address);
  }

  #choose(): Promise<string> {
    this.#choosing ??= this.#primaries()
      .then((primaries) => {
        const [address] = primaries;
        if (address === undefined) {
          throw new CommandError(133, 'FailedToSatisfyReadPreference', 'No shard has a primary that could route');
        }
        this.#address = address;
        return address;
      })
      .finally(() => {
        this.#choosing = undefined;
      });
    return this.#choosing;
  }

  /** Addresses of all shards' primaries that answer, the best first. */
  async #primaries(): Promise<readonly string[]> {
    if (this.#known.length === 0) this.#known = await this.#servers.shards();
    const shards = this.#known.toReversed();
    if (shards.length === 0) throw new CommandError(70, 'ShardNotFound', 'No shards found');
    const answers = await Promise.all(shards.map((shard) => this.#primaryOf(shard)));
    return answers.filter((address) => address !== undefined);
  }

  async #primaryOf({ host }: ShardEntry): Promise<string | undefined> {
    const admin = this.#servers.onHosts(host, 'admin');
    try {
      return (await admin.command({ hello: 1 }, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) }))['me'] as string;
    } catch {
      return undefined;
    }
  }
}

const CONNECT_TIMEOUT_MS = 2_000;
const ANSWER_TIMEOUT_MS = 3_000;
