import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, settled } from '../../test/fakes/fake-clock.js';
import { deferred } from '../time/deferred.js';
import { OutboxEntry } from './outbox-entry.js';
import { SendGate } from './send-gate.js';

describe('SendGate', () => {
  let clock: FakeClock;
  let gate: SendGate;
  let openings: number;

  beforeEach(() => {
    clock = new FakeClock();
    openings = 0;
    gate = new SendGate(clock, () => void openings++);
  });

  it('lets messages that nothing is said against leave together, over any connection', async () => {
    gate.renew();
    const end = begin(entry());
    expect(gate.mayLeave(entry())).toBe(true);
    await end();
    expect([openings, clock.waiting]).toEqual([0, 0]);
  });

  it('lets a suspect leave when the connection has held for three seconds, and says when', async () => {
    const suspect = entry(2);
    gate.renew();
    expect(gate.mayLeave(suspect)).toBe(false);
    expect(gate.mayLeave(suspect)).toBe(false);
    expect(gate.mayLeave(entry())).toBe(true);
    await clock.pass(2_999);
    expect([openings, gate.mayLeave(suspect)]).toEqual([0, false]);
    await clock.pass(1);
    expect([openings, gate.mayLeave(suspect), clock.waiting]).toEqual([1, true, 0]);
  });

  it('begins anew with every connection', async () => {
    const suspect = entry(2);
    gate.renew();
    gate.mayLeave(suspect);
    await clock.pass(2_000);
    gate.renew();
    await clock.pass(1_500);
    expect([openings, gate.mayLeave(suspect)]).toEqual([0, false]);
    await clock.pass(1_500);
    expect([openings, gate.mayLeave(suspect)]).toEqual([1, true]);
    gate.renew();
    gate.mayLeave(suspect);
    await clock.pass(3_000);
    expect(openings).toBe(2);
  });

  it('lets a suspect wait for what is under way, and nothing overtake it', async () => {
    const suspect = entry(2);
    const ends = [begin(entry()), begin(entry())];
    expect(gate.mayLeave(suspect)).toBe(false);
    expect([gate.mayLeave(entry()), gate.mayLeave(entry(2))]).toEqual([false, false]);
    await ends[0]?.();
    expect([openings, gate.mayLeave(suspect)]).toEqual([1, false]);
    await ends[1]?.();
    expect(openings).toBe(2);
    expect([gate.mayLeave(entry(2)), gate.mayLeave(entry()), gate.mayLeave(suspect)]).toEqual([false, false, true]);
  });

  it('lets nothing else leave while a suspect is under way, whatever becomes of it', async () => {
    const end = begin(entry(2));
    const other = entry(2);
    expect([gate.mayLeave(entry()), gate.mayLeave(other)]).toEqual([false, false]);
    await end(new Error('cut'));
    expect(openings).toBe(1);
    expect(gate.mayLeave(other)).toBe(true);
  });

  it('gives the turn back when the suspect has left', async () => {
    const suspect = entry(2);
    const first = begin(entry());
    gate.mayLeave(suspect);
    await first();
    const second = begin(suspect);
    await second();
    expect(gate.mayLeave(entry())).toBe(true);
  });

  it('takes the turn from a suspect that is found in the log, and tells those who wait', async () => {
    const suspect = entry(2);
    const first = begin(entry());
    gate.mayLeave(suspect);
    suspect.stored({ messageId: 1 } as never);
    await first();
    expect([openings, gate.mayLeave(entry())]).toEqual([1, true]);
  });

  it('keeps the turn of a suspect when one begins that was let through before', () => {
    begin(entry());
    const suspect = entry(2);
    gate.mayLeave(suspect);
    begin(entry());
    expect([gate.mayLeave(entry()), gate.mayLeave(entry(2))]).toEqual([false, false]);
  });

  it('holds nothing up for a suspect that might leave and does not', () => {
    expect(gate.mayLeave(entry(2))).toBe(true);
    expect([gate.mayLeave(entry()), gate.mayLeave(entry(2))]).toEqual([true, true]);
  });

  it('forgets turns and times with the connection', async () => {
    const end = begin(entry());
    gate.mayLeave(entry(2));
    gate.stop();
    expect(gate.mayLeave(entry())).toBe(true);
    await end();
    expect(openings).toBe(0);
    gate.renew();
    gate.mayLeave(entry(2));
    gate.stop();
    expect(clock.waiting).toBe(0);
  });

  it('answers what the attempt answers', async () => {
    await expect(gate.pass(entry(), async () => 7)).resolves.toBe(7);
    await expect(gate.pass(entry(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  /** Begins an attempt; the function ends it. */
  function begin(message: OutboxEntry): (error?: Error) => Promise<void> {
    const answer = deferred<void>();
    gate.pass(message, () => answer.promise).catch(() => undefined);
    return async (error) => {
      if (error) answer.reject(error);
      else answer.resolve();
      await settled();
    };
  }
});

function entry(cuts = 0): OutboxEntry {
  const message = new OutboxEntry({
    roomId: 'r',
    content: 'hi',
    messageType: 'text',
    clientMessageId: 'c',
    createdAt: 0,
  });
  message.cut(cuts);
  return message;
}
