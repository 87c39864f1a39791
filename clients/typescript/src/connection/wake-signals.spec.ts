import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { listenForWake } from './wake-signals.js';

describe('signs that waiting makes no sense any more', () => {
  it('are the network that is back, a page that is shown, and one that thaws', () => {
    const { scope, document, count, stop } = listening();
    scope.dispatchEvent(new Event('online'));
    scope.dispatchEvent(new Event('pageshow'));
    document.dispatchEvent(new Event('visibilitychange'));
    document.dispatchEvent(new Event('resume'));
    expect(count()).toBe(4);
    document.visibilityState = 'hidden';
    document.dispatchEvent(new Event('visibilitychange'));
    expect(count()).toBe(4);
    scope.dispatchEvent(new Event('online'));
    expect(count()).toBe(5);
    stop();
    scope.dispatchEvent(new Event('online'));
    document.visibilityState = 'visible';
    document.dispatchEvent(new Event('visibilitychange'));
    expect(count()).toBe(5);
  });

  it('include a machine that has slept, but not a hidden page whose timers are held back', async () => {
    const { document, clock, count, stop } = listening();
    await clock.pass(120_000);
    expect(count()).toBe(0);
    await clock.sleep(60_000);
    expect(count()).toBe(1);
    document.visibilityState = 'hidden';
    await clock.sleep(60_000);
    expect(count()).toBe(1);
    stop();
    expect(clock.waiting).toBe(0);
  });

  it('are fewer where there is no page, as in Node', async () => {
    const clock = new FakeClock();
    let woken = 0;
    const stop = listenForWake(clock, () => void (woken += 1), {});
    await clock.sleep(60_000);
    expect(woken).toBe(1);
    stop();
    expect(clock.waiting).toBe(0);
    const real = listenForWake(clock, () => undefined);
    real();
    expect(clock.waiting).toBe(0);
  });
});

function listening() {
  const clock = new FakeClock();
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const scope = Object.assign(new EventTarget(), { document });
  let woken = 0;
  const stop = listenForWake(clock, () => void (woken += 1), scope);
  return { clock, document, scope, stop, count: () => woken };
}
