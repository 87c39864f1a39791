import type { ServicePlanner, ServiceSpec } from '../stack/service-spec.js';
import { localNames, prometheusProgram, type ScrapeTarget } from './prometheus-program.js';

/** Seconds between two scrapes: what a panel shows is of the last minute. */
const INTERVAL_SECONDS = 5;

/** The same plan, and last of all a Prometheus that scrapes the gateways and chat services in it. */
export function withPrometheus(plan: ServicePlanner, prometheus: PlannedPrometheus): ServicePlanner {
  const { path, version, ...places } = prometheus;
  return (servers) => {
    const { steps, groups } = plan(servers);
    const targets = groups.flat().flatMap(targetsOf);
    const program = prometheusProgram(path, { ...places, targets, intervalSeconds: INTERVAL_SECONDS });
    return { steps, groups: [...groups, [{ name: 'prometheus', version, env: {}, ...program }]] };
  };
}

/** A Prometheus that was found, where it listens, and where it keeps its things. */
export interface PlannedPrometheus {
  readonly path: string;
  readonly version: string;
  readonly port: number;
  readonly folder: string;
  /** See `localRules`. */
  readonly rules: string;
}

/** Metrics are on the port of the probes. */
function targetsOf({ name, readyUrl }: ServiceSpec): readonly ScrapeTarget[] {
  const jobs = { gateway: localNames.gateway, 'chat-service': localNames.chat };
  const job = Object.entries(jobs).find(([kind]) => name === kind || name.startsWith(`${kind}-`))?.[1];
  return job === undefined ? [] : [{ job, pod: name, address: new URL(readyUrl).host }];
}
