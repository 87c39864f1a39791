import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { type ServiceProcess, startDeployment } from '../../src/deployment/start-deployment.js';

/** Counts the turns of the event loop in which a timer went off, and tells them when it is asked. */
const countWakes = `
  import { createHook } from 'node:async_hooks';
  import { performance } from 'node:perf_hooks';
  const timers = new Set();
  const turns = new Set();
  let asked = 0;
  let since = 0;
  createHook({
    init: (id, type) => void (type === 'Timeout' && timers.add(id)),
    before: (id) => void (timers.has(id) && turns.add(performance.nodeTiming.uvMetricsInfo.loopCount)),
    destroy: (id) => void timers.delete(id),
  }).enable();
  process.on('SIGUSR2', () => {
    console.log('count ' + ++asked + ': ' + turns.size + ' wakes in ' + (performance.now() - since) + ' ms');
    turns.clear();
    since = performance.now();
  });
`;

/** What a start leaves behind is over by then. */
const settleMs = 10_500;

const watchMs = 5_000;

/** One more of each kind that comes every ten seconds or so. */
const seldom = 3;

it('wakes a gateway and a chat service with nothing to do at most twice a second', async () => {
  const nodeArgs = ['--import', `data:text/javascript,${encodeURIComponent(countWakes)}`];
  await using parlance = await startDeployment({ nodeArgsOf: () => nodeArgs });
  const services = [...parlance.gateways, ...parlance.chatServices];
  await delay(settleMs);
  await Promise.all(services.map((service) => wakesOf(service, 1)));
  await delay(watchMs);
  const counted = await Promise.all(services.map((service) => wakesOf(service, 2)));
  for (const { wakes, seconds } of counted) expect(wakes).toBeLessThanOrEqual(2 * seconds + seldom);
});

/** Wake-ups since it was asked the last time; it has been asked `asked` times with this one. */
async function wakesOf({ process: service }: ServiceProcess, asked: number) {
  process.kill(service.pid, 'SIGUSR2');
  const told = new RegExp(`count ${asked}: (\\d+) wakes in ([\\d.]+) ms`);
  return vi.waitFor(
    () => {
      const [found, wakes, ms] = told.exec(service.lastLines(100).join('\n')) ?? [];
      expect(found).toBeDefined();
      return { wakes: Number(wakes), seconds: Number(ms) / 1_000 };
    },
    { timeout: 60_000 },
  );
}
