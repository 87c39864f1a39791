import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * A Prometheus as a program to be started: command, arguments, and the files that have to be there first. It listens on 127.0.0.1 and
 * keeps what it read for two days. Reads nothing but whether Debian's pages lie beside the program.
 */
export function prometheusProgram(path: string, options: PrometheusOptions): PrometheusProgram {
  const { folder, port, targets, intervalSeconds, rules } = options;
  const configFile = join(folder, 'prometheus.json');
  const rulesFile = join(folder, 'rules.json');
  const jobs = [...new Set(targets.map(({ job }) => job))];
  // JSON is YAML.
  const config = {
    global: { scrape_interval: `${intervalSeconds}s`, evaluation_interval: `${intervalSeconds}s` },
    ...(rules === undefined ? {} : { rule_files: [rulesFile] }),
    scrape_configs: jobs.map((job) => ({
      job_name: job,
      static_configs: targets
        .filter((target) => target.job === job)
        .map(({ address, pod }) => ({ targets: [address], labels: { namespace: localNames.namespace, pod } })),
    })),
  };
  return {
    command: path,
    args: [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--storage.tsdb.retention.time=2d',
      `--web.listen-address=127.0.0.1:${port}`,
      ...pagesOf(path),
    ],
    files: {
      [configFile]: JSON.stringify(config, undefined, 2),
      ...(rules === undefined ? {} : { [rulesFile]: rules }),
    },
    address: `http://127.0.0.1:${port}`,
    readyUrl: `http://127.0.0.1:${port}/-/ready`,
  };
}

/** What series of a stack on this machine are called, where an installation has the names of its namespace and Services. */
export const localNames = {
  namespace: 'local',
  gateway: 'parlance-gateway',
  chat: 'parlance-chat-service',
  cronjobs: 'parlance-.+',
} as const;

/** See {@link prometheusProgram}. */
export interface PrometheusOptions {
  /** Its own, for configuration and data. */
  readonly folder: string;
  readonly port: number;
  readonly targets: readonly ScrapeTarget[];
  /** Between two scrapes, and between two looks at the rules. */
  readonly intervalSeconds: number;
  /** A file of rules, as text; see `localRules`. */
  readonly rules?: string | undefined;
}

/** What is asked for its metrics. */
export interface ScrapeTarget {
  /** "127.0.0.1:4006", which answers at /metrics. */
  readonly address: string;
  /** Of {@link localNames}. */
  readonly job: string;
  /** "gateway-1". */
  readonly pod: string;
}

/** See {@link prometheusProgram}. */
export interface PrometheusProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** Contents by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Its page and API. */
  readonly address: string;
  readonly readyUrl: string;
}

/** Debian's build does not hold its pages; it looks for them in /usr/share. Other builds do not know the argument. */
function pagesOf(path: string): readonly string[] {
  const pages = join(dirname(path), '../share/prometheus/web');
  return existsSync(pages) ? [`--web.local-assets=${pages}/`] : [];
}
