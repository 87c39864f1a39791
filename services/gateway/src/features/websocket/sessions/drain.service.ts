import { ConnectionRegistry } from '../fan-out/connection-registry.js';
import { eventFrame } from '../transport/frame.js';
import { drainDelays } from './drain-delays.js';

/**
 * Sends the sockets of a stopping gateway away: `reconnectIn` to each at once, and the end of its connection when its
 * time has come and its requests are answered. The connection is closed without a Socket.IO goodbye, since clients do
 * not come back by themselves after one (https://socket.io/docs/v4/client-api/#event-disconnect).
 */
export class DrainService {
  /** @param spreadMs the last connection ends so much later than the first. */
  constructor(
    private readonly connections: ConnectionRegistry,
    private readonly spreadMs: number,
  ) {}

  /** Resolves when every socket that was here is on its way out, or `signal` aborts. */
  async sendAway(signal: AbortSignal): Promise<void> {
    const sockets = [...this.connections.sockets()];
    const delays = drainDelays(sockets.length, this.spreadMs);
    const leaving = sockets.map(async (socket, index) => {
      const delayMs = delays[index] ?? 0;
      socket.deliver(eventFrame('reconnectIn', JSON.stringify({ delayMs })));
      await pause(delayMs, signal);
      await socket.leave(signal);
    });
    await Promise.all(leaving);
  }
}

/** Resolves after `ms`, or as soon as `signal` aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
