import { setTimeout } from 'k6/timers';

/** Resolves after so many milliseconds; other sockets of the VU go on meanwhile. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}
