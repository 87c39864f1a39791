import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Loopback } from './loopback.js';

let loopback: Loopback;
let isHeard: boolean;
const said: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  isHeard = true;
  said.length = 0;
  let hear: (channel: string, payload: Buffer) => void = () => {};
  const subscriber = { subscribe: async () => {}, onMessage: (handler: typeof hear) => void (hear = handler) };
  const publish = async (channel: string, text: string): Promise<void> => {
    said.push(channel);
    if (isHeard) hear(channel, Buffer.from(text));
  };
  loopback = new Loopback(subscriber, publish, () => performance.now(), 'one');
  loopback.start();
});
afterEach(() => {
  loopback.stop();
  vi.useRealTimers();
});

it('is right as long as it hears what it says, every five seconds', async () => {
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said).toHaveLength(13);
  expect(new Set(said)).toEqual(new Set(['chat:users:{gateway-one}']));
  expect(loopback.owns(said[0] ?? '')).toBe(true);
  expect(() => loopback.requireHeard()).not.toThrow();
});

it('is wrong when nothing was heard for fifteen seconds, and right again with the next word', async () => {
  isHeard = false;
  await vi.advanceTimersByTimeAsync(15_000);
  expect(() => loopback.requireHeard()).not.toThrow();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(() => loopback.requireHeard()).toThrow('what this gateway published was not heard for 16 s');
  isHeard = true;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(() => loopback.requireHeard()).not.toThrow();
});
