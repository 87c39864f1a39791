import { describe, expect, it } from 'vitest';
import { EventLimits, eventClasses } from './event-limits.js';

const perSecond = { sends: 10, reads: 10, receipts: 10, changes: 10, typing: 1, others: 1 };

describe('EventLimits', () => {
  it('lets a burst through, then as many as come back, and says when', () => {
    let now = 0;
    const refused: string[] = [];
    const limits = new EventLimits(
      perSecond,
      () => now,
      (limit) => refused.push(limit),
    );
    const passed = () =>
      Array.from({ length: 700 }, () => limits.take('typing', 'ann')).filter((wait) => wait === 0).length;
    expect(passed()).toBe(10);
    expect(limits.take('typing', 'ann')).toBe(1_000);
    now = 3_000;
    expect(passed()).toBe(3);
    expect(refused).toEqual(Array.from({ length: 690 + 1 + 697 }, () => 'typing'));
  });

  it('counts users and classes apart, and events of one class together', () => {
    const limits = new EventLimits(
      perSecond,
      () => 0,
      () => {},
    );
    for (let index = 0; index < 100; index++) limits.take(index % 2 ? 'messageRead' : 'messageDelivered', 'ann');
    expect(limits.take('messageRead', 'ann')).toBeGreaterThan(0);
    expect([limits.take('messageRead', 'ben'), limits.take('typing', 'ann')]).toEqual([0, 0]);
  });

  it('has a limit for every event and for what is none', () => {
    for (const event of [...eventClasses.keys(), 'nothing', '__proto__', 'constructor', undefined, 5, {}]) {
      const limits = new EventLimits(
        perSecond,
        () => 0,
        () => {},
      );
      const waits = Array.from({ length: 200 }, () => limits.take(event, 'ann'));
      expect(waits.at(-1)).toBeGreaterThan(0);
    }
  });
});
