/**
 * When each of `count` connections of a stopping gateway is to end, milliseconds from now: even steps from 0 up to
 * `spreadMs`, so that the other gateways get the handshakes one by one. Pure.
 */
export function drainDelays(count: number, spreadMs: number): readonly number[] {
  const step = count > 1 ? spreadMs / (count - 1) : 0;
  return Array.from({ length: count }, (_, index) => Math.floor(index * step));
}
