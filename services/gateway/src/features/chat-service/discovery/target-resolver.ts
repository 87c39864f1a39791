import { atBeat, backoffMs, hostPort, type Logger } from '@parlance/runtime';
import type { Target } from '../../../config.js';
import type { KubernetesService, PodWatch, PodWatchListener } from './pod-watch.js';

/** 0.1, 0.2, 0.4 ... s: together about as long as a usual round takes, and DNS servers remember an answer. */
const hurriedRounds = 6;

/**
 * Keeps a pool's addresses equal to the pods behind the configured targets. A target of the scheme `k8s` is watched in
 * Kubernetes; while that cannot be asked, and for all others, DNS is asked: at once, then every `everyMs` (default 5 s),
 * and in quick succession with growing jittered pauses after `hurry`. A name that cannot be resolved, or that stands for
 * nobody, keeps its last known addresses, since a DNS outage is not an outage of the pods behind it.
 */
export class TargetResolver {
  private readonly known = new Map<Target, readonly string[]>();
  private readonly watched = new Set<Target>();
  private readonly unresolved = new Set<Target>();
  private readonly watches: Pick<PodWatch, 'stop'>[] = [];
  private callOff: (() => void) | undefined;
  private isStopped = false;
  /** Rounds since somebody was in a hurry; undefined when nobody is. */
  private haste: number | undefined;

  constructor(private readonly options: ResolverOptions) {}

  /** Resolves once and goes on doing so; resolves when the first answers are applied. Never rejects. */
  async start(): Promise<void> {
    await Promise.all(
      this.options.targets.filter(({ scheme }) => scheme === 'k8s').map((target) => this.watch(target)),
    );
    await this.refresh();
    this.plan();
  }

  /** Asks again at once: a pod is gone, so another one may be there. Does nothing where it is asking already. */
  hurry(): void {
    if (this.haste !== undefined) return;
    this.haste = 1;
    this.plan();
  }

  stop(): void {
    this.isStopped = true;
    this.callOff?.();
    for (const watch of this.watches) watch.stop();
  }

  private plan(): void {
    this.callOff?.();
    if (this.isStopped) return;
    const { everyMs = 5_000, random } = this.options;
    const round = (): void => {
      if (this.haste !== undefined) this.haste = this.haste < hurriedRounds ? this.haste + 1 : undefined;
      void this.refresh().then(() => this.plan());
    };
    if (this.haste === undefined) {
      this.callOff = atBeat(everyMs, round);
      return;
    }
    const timer = setTimeout(round, backoffMs(this.haste, { firstMs: 100, capMs: everyMs }, random)).unref();
    this.callOff = () => clearTimeout(timer);
  }

  private async refresh(): Promise<void> {
    await Promise.all(
      this.options.targets.filter((target) => !this.watched.has(target)).map((target) => this.resolve(target)),
    );
    this.apply();
  }

  private apply(): void {
    const { targets, apply } = this.options;
    if (!this.isStopped) apply([...new Set(targets.flatMap((target) => this.known.get(target) ?? []))].toSorted());
  }

  private learn(target: Target, hosts: readonly string[]): void {
    if (hosts.length === 0) return;
    this.known.set(
      target,
      hosts.map((host) => hostPort(host, target.port)),
    );
  }

  private async resolve(target: Target): Promise<void> {
    const { lookup, logger } = this.options;
    const { host } = target;
    try {
      const hosts = await lookup(host);
      // What Kubernetes told meanwhile is newer.
      if (this.watched.has(target)) return;
      this.learn(target, hosts);
      if (this.unresolved.delete(target)) logger.info({ host }, 'the chat service host can be resolved again');
    } catch (thrown) {
      if (this.unresolved.has(target)) return;
      this.unresolved.add(target);
      const reason = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
      logger.warn({ host, reason }, 'the chat service host cannot be resolved');
    }
  }

  private watch(target: Target): Promise<void> {
    const { logger } = this.options;
    const { host } = target;
    const watch = this.options.watch(serviceOf(target), {
      onPods: (addresses) => {
        if (!this.watched.has(target)) logger.info({ host }, 'pods of the chat service are watched');
        this.watched.add(target);
        this.learn(target, addresses);
        this.apply();
      },
      onLost: (reason) => {
        this.watched.delete(target);
        logger.warn({ host, reason }, 'pods of the chat service cannot be watched: DNS is asked instead');
        this.hurry();
      },
    });
    this.watches.push(watch);
    return watch.start();
  }
}

/** What to resolve and whom to tell. */
export interface ResolverOptions {
  readonly targets: readonly Target[];
  /** All IP addresses of a host; an IP address is its own. Rejects when there are none. */
  readonly lookup: (host: string) => Promise<readonly string[]>;
  /** Makes what watches the pods of a Service. */
  readonly watch: (service: KubernetesService, listener: PodWatchListener) => Pick<PodWatch, 'start' | 'stop'>;
  /** Gets the sorted addresses, `ip:port`, after every round and change. */
  readonly apply: (addresses: readonly string[]) => void;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Milliseconds between rounds. */
  readonly everyMs?: number;
  /** Default `Math.random`. */
  readonly random?: () => number;
}

/** `service`, `service.namespace` and what DNS has behind that. */
function serviceOf({ host }: Target): KubernetesService {
  const [name = '', namespace] = host.split('.');
  return { name, namespace };
}
