import { createLogger, createOpsServer, HealthRegistry } from '@parlance/runtime';
import { expect, it } from 'vitest';
import { sharePods } from '../fixtures/share-pods.js';
import { type Pods } from '../fixtures/start-pods.js';

let servers: Pods;
sharePods((pods) => (servers = pods));

it.each([3_000, -3_000])('is not ready while its clock is %i ms off that of MongoDB, and says so', async (offsetMs) => {
  const [{ clock, metrics }] = servers.pods;
  const health = new HealthRegistry({ everyMs: 10 });
  const ops = createOpsServer({ port: 0, health, registry: metrics.registry, logger: createLogger({ name: 'ops' }) });
  const port = await ops.listen();
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, body: await response.text() };
  };
  const statusBecomes = async (status: number): Promise<string> => {
    for (;;) {
      const answer = await ask('/readyz');
      if (answer.status === status) return answer.body;
    }
  };
  health.add({ name: 'clock', of: 'self', critical: false, check: () => clock.requireRight() });
  health.markStarted();
  try {
    await clock.measure();
    await statusBecomes(200);
    servers.clockOffsetMs = offsetMs;
    await clock.measure();
    expect(await statusBecomes(503)).toMatch(
      /"unfit".*this pod's clock is [23]\.\d s (ahead of|behind) that of MongoDB/,
    );
    const skew = /^chat_storage_clock_skew_seconds (\S+)$/m.exec((await ask('/metrics')).body)?.[1];
    expect(Math.abs(Number(skew) - offsetMs / 1_000)).toBeLessThan(1);
    servers.clockOffsetMs = 0;
    await clock.measure();
    await statusBecomes(200);
  } finally {
    health.close();
    await ops.close();
  }
});
