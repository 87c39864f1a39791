import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { type ServiceProcess, startDeployment } from '../../src/deployment/start-deployment.js';

/**
 * Counts how often timers woke it, and tells that when it is asked. What goes off within 50 ms is one time: a busy machine takes
 * in several turns what is due in one.
 */
const countWakes = `
  import { createHook } from 'node:async_hooks';
  import { performance } from 'node:perf_hooks';
  const timers = new Set();
  let wakes = 0;
  let last = 0;
  let asked = 0;
  let since = 0;
  const wake = (now) => {
    if (now - last < 50) return;
    wakes += 1;
    last = now;
  };
  createHook({
    init: (id, type) => void (type === 'Timeout' && timers.add(id)),
    before: (id) => void (timers.has(id) && wake(performance.now())),
    destroy: (id) => void timers.delete(id),
  }).enable();
  process.on('SIGUSR2', () => {
    console.log('count ' + ++asked + ': ' + wakes + ' wakes in ' + (performance.now() - since) + ' ms');
    wakes = 0;
    since = performance.now();
  });
`;

/** What a start leaves behind is over by then. */
const settleMs = 10_500;

const watchMs = 5_000;

/** A machine with other work spreads what is due at once; too many timers are too many each time. */
const looks = 8;

/** One more of each kind that comes every ten seconds or so. */
const seldom = 3;

it('wakes a gateway and a chat service with nothing to do at most twice a second', async () => {
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(countWakes)}` };
  await using parlance = await startDeployment({ mongo: 'shared', env });
  const services = [...parlance.gateways, ...parlance.chatServices];
  await delay(settleMs);
  await expect(Promise.all(services.map((service) => restsAtLast(service)))).resolves.toHaveLength(services.length);
});

/** Resolves after the first look in which it woke as seldom as it should. */
async function restsAtLast(service: ServiceProcess, look = 1): Promise<void> {
  const { wakes, seconds } = await wakesOf(service, look);
  const isRestful = look > 1 && wakes <= 2 * seconds + seldom;
  if (isRestful) return;
  expect(look, `${wakes} wakes in ${seconds} s, and as many in each look before`).toBeLessThan(looks);
  await delay(watchMs);
  await restsAtLast(service, look + 1);
}

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
