import { connect } from 'node:net';
import { waitUntil } from '../wait-until.js';

/** Resolves when something accepts connections on 127.0.0.1:`port`. Ends with `signal`'s reason, or after `timeoutMs` (default 30,000). */
export async function waitForPort(
  port: number,
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
): Promise<void> {
  await waitUntil(() => accepts(port), {
    what: `a server on 127.0.0.1:${port}`,
    timeoutMs: options.timeoutMs ?? 30_000,
    everyMs: 15,
    signal: options.signal,
  });
}

function accepts(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const answer = (value: true | undefined) => (): void => {
      socket.destroy();
      resolve(value);
    };
    socket.once('connect', answer(true)).once('error', answer(undefined));
  });
}
