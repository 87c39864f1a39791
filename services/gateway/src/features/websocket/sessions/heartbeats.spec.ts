import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { pingIntervalMs, pingTimeoutMs } from '../transport/ping-times.js';
import { Heartbeats } from './heartbeats.js';

let heartbeats: Heartbeats;
let sockets: Pulse[];

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  heartbeats = new Heartbeats(
    () => sockets,
    () => performance.now(),
  );
  heartbeats.start();
});
afterEach(() => {
  heartbeats.stop();
  vi.useRealTimers();
});

it('asks each connection once an interval, within 2.5 seconds more', () => {
  sockets.push(new Pulse(true));
  vi.advanceTimersByTime(pingIntervalMs - 1_000);
  expect(sockets[0]?.asked).toBe(0);
  vi.advanceTimersByTime(3_500);
  expect(sockets[0]?.asked).toBe(1);
  vi.advanceTimersByTime(10 * (pingIntervalMs + 2_500));
  expect(sockets[0]?.asked).toBeGreaterThanOrEqual(10);
  expect(sockets[0]?.isGivenUp).toBe(false);
});

it('gives up a connection that does not answer in time, and no other', () => {
  sockets.push(new Pulse(false), new Pulse(true));
  vi.advanceTimersByTime(pingIntervalMs + pingTimeoutMs - 1_000);
  expect(sockets.map(({ isGivenUp }) => isGivenUp)).toEqual([false, false]);
  vi.advanceTimersByTime(6_000);
  expect(sockets.map(({ isGivenUp }) => isGivenUp)).toEqual([true, false]);
});

class Pulse {
  asked = 0;
  askedAt = performance.now();
  isSilent = false;
  isGivenUp = false;

  constructor(private readonly answers: boolean) {}

  askForSign(): void {
    this.asked += 1;
    this.askedAt = performance.now();
    this.isSilent = !this.answers;
  }

  giveUp(): void {
    this.isGivenUp = true;
  }
}
