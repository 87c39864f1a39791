import type { Logger } from '@parlance/runtime';
import type { Target } from '../../config.js';

/**
 * Keeps a pool's addresses equal to what DNS says of the configured targets: asks at once and then every `everyMs`
 * (default 5 s). A name that cannot be resolved keeps its last known addresses, since a DNS outage is not an outage of
 * the pods behind it.
 */
export class TargetResolver {
  private readonly known = new Map<Target, readonly string[]>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: ResolverOptions) {}

  /** Resolves once and goes on doing so; resolves when the first answers are applied. Never rejects. */
  async start(): Promise<void> {
    await this.refresh();
    this.timer = setInterval(() => void this.refresh(), this.options.everyMs ?? 5_000).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async refresh(): Promise<void> {
    const { targets, apply } = this.options;
    await Promise.all(targets.map((target) => this.resolve(target)));
    apply([...new Set(targets.flatMap((target) => this.known.get(target) ?? []))].toSorted());
  }

  private async resolve(target: Target): Promise<void> {
    const { lookup, logger } = this.options;
    try {
      const hosts = await lookup(target.host);
      this.known.set(
        target,
        hosts.map((host) => addressText(host, target.port)),
      );
    } catch (thrown) {
      logger.warn({ host: target.host, err: thrown }, 'the chat service host cannot be resolved');
    }
  }
}

/** What to resolve and whom to tell. */
export interface ResolverOptions {
  readonly targets: readonly Target[];
  /** All IP addresses of a host; an IP address is its own. Rejects when there are none. */
  readonly lookup: (host: string) => Promise<readonly string[]>;
  /** Gets the sorted addresses, `ip:port`, after every round. */
  readonly apply: (addresses: readonly string[]) => void;
  readonly logger: Pick<Logger, 'warn'>;
  /** Milliseconds between rounds. */
  readonly everyMs?: number;
}

function addressText(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
