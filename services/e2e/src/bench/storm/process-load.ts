import type { Deployment } from '../../deployment/start-deployment.js';

/** What a process has cost, and how long its event loop was held up at most since it was asked last. */
export interface ProcessLoad {
  readonly name: string;
  readonly cpuSeconds: number;
  readonly longestDelayMs: number;
}

/** Of every gateway and chat service, from their metrics. */
export async function processLoads({ gateways, chatServices }: Deployment): Promise<readonly ProcessLoad[]> {
  const all = [...gateways, ...chatServices];
  return Promise.all(
    all.map(async ({ opsUrl, process }) => {
      const text = await (await fetch(`${opsUrl}/metrics`)).text();
      return {
        name: process.name,
        cpuSeconds: metric(text, 'process_cpu_seconds_total'),
        longestDelayMs: metric(text, 'nodejs_eventloop_lag_max_seconds') * 1_000,
      };
    }),
  );
}

function metric(text: string, name: string): number {
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(text)?.[1] ?? Number.NaN);
}
