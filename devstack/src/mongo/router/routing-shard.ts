import { pause } from '../../wait-until.js';
import type { ClusterServers, ShardEntry } from './cluster-servers.js';
import { ShardLink } from './shard-link.js';
import { CommandError } from './wire/command-error.js';

const CONNECT_TIMEOUT_MS = 2_000;
const ANSWER_TIMEOUT_MS = 1_500;
const SOON_MS = 300;
const SILENCES = 3;

/**
 * The one shard server whose own routing commands do the routing: its primary, until it is lost. Cursors live there, so it
 * is changed only when it must be. The shard added last is preferred: the coldest, which has the least to do.
 */
export class RoutingShard {
  private readonly links = new Set<ShardLink>();
  private known: readonly ShardEntry[] = [];
  private address: string | undefined;
  private choosing: Promise<string> | undefined;
  private silences = 0;

  constructor(private readonly servers: ClusterServers) {}

  /** A new connection to it. Throws a {@link CommandError} when no shard has a primary. */
  async link(): Promise<ShardLink> {
    const address = this.address ?? (await this.choose());
    try {
      const link = await ShardLink.open(address, CONNECT_TIMEOUT_MS);
      for (const each of this.links) if (!each.open) this.links.delete(each);
      this.links.add(link);
      return link;
    } catch {
      this.mistrust(address);
      throw new CommandError(6, 'HostUnreachable', `Error connecting to ${address}`);
    }
  }

  /** Told by who lost a connection to it: the next one goes to whoever answers then. Other connections end by themselves or not at all. */
  mistrust(address: string): void {
    if (this.address === address) this.address = undefined;
  }

  /**
   * Asks it whether it is still there and primary; one that was silent several times
   * while others answered is given up, with all who wait for it: a busy machine is no dead one.
   */
  async check(): Promise<void> {
    this.known = await this.servers.shards();
    const address = this.address;
    if (address === undefined) return;
    const answers = await Promise.all(await this.asked());
    const isAlone = !answers.includes(address) && answers.some((answer) => answer !== undefined);
    this.silences = isAlone ? this.silences + 1 : 0;
    if (this.silences < SILENCES) return;
    this.silences = 0;
    this.mistrust(address);
    for (const link of this.links) {
      if (link.address !== address) continue;
      link.close();
      this.links.delete(link);
    }
  }

  private choose(): Promise<string> {
    this.choosing ??= this.best().finally(() => {
      this.choosing = undefined;
    });
    return this.choosing;
  }

  /** The first in the order of preference that answers soon: a dead one holds nobody up for long. */
  private async best(): Promise<string> {
    const asked = await this.asked();
    const soon = asked.map(
      (answer) => (): Promise<string | undefined | void> => Promise.race([answer, pause(SOON_MS)]),
    );
    const late = asked.map((answer) => (): Promise<string | undefined | void> => answer);
    for (const wait of [...soon, ...late]) {
      const address = await wait();
      if (typeof address !== 'string') continue;
      this.address = address;
      return address;
    }
    throw new CommandError(133, 'FailedToSatisfyReadPreference', 'No shard has a primary that could route');
  }

  /** What every shard's primary is called, once it answers; the best comes first. */
  private async asked(): Promise<readonly Promise<string | undefined>[]> {
    if (this.known.length === 0) this.known = await this.servers.shards();
    if (this.known.length === 0) throw new CommandError(70, 'ShardNotFound', 'No shards found');
    return this.known.toReversed().map((shard) => this.primaryOf(shard));
  }

  private async primaryOf({ host }: ShardEntry): Promise<string | undefined> {
    const admin = this.servers.onHosts(host, 'admin');
    try {
      return (await admin.command({ hello: 1 }, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) }))['me'] as string;
    } catch {
      return undefined;
    }
  }
}
