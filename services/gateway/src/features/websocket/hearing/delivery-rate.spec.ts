import { expect, it } from 'vitest';
import { DeliveryRate } from './delivery-rate.js';

function watched() {
  const delivered = { heard: 0, repaired: 0 };
  const clock = { ms: 0 };
  const rate = new DeliveryRate(
    () => delivered,
    () => clock.ms,
  );
  const fault = (): string | undefined => {
    try {
      rate.requireEvents();
      return undefined;
    } catch (thrown) {
      return (thrown as Error).message;
    }
  };
  return { delivered, clock, fault };
}

it('is wrong while more than one in ten messages had to be pulled, and right two minutes later', () => {
  const { delivered, clock, fault } = watched();
  delivered.heard = 180;
  delivered.repaired = 20;
  expect(fault()).toBeUndefined();
  delivered.repaired = 21;
  expect(fault()).toBe('21 of 201 messages came by a pull, not by their event');
  const later = [60_000, 90_000, 120_000].map((ms) => {
    clock.ms = ms;
    return fault();
  });
  expect(later).toEqual([expect.any(String), expect.any(String), undefined]);
});

it('says nothing of a few messages', () => {
  const { delivered, fault } = watched();
  delivered.repaired = 19;
  expect(fault()).toBeUndefined();
  delivered.repaired = 20;
  expect(fault()).toContain('20 of 20');
});
