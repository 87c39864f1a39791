import type { Internals } from '../../src/internals.js';
import type { ParlanceClient } from '../../src/parlance-client.js';
import type { ParlanceOptions } from '../../src/parlance-options.js';
import { FakeClock } from './fake-clock.js';
import { FakeGateway } from './fake-gateway.js';
import { TestableClient } from './testable-client.js';

/** A client with a gateway and a clock that a test holds in its hands. */
export interface FakeStack {
  readonly clock: FakeClock;
  readonly gateway: FakeGateway;
  readonly client: ParlanceClient;
  /** What a page is told when the network is back, it is shown, or it thaws. */
  readonly wake: () => void;
}

/** Makes one, not connected yet. Ids are `c1`, `c2`, ...; chance is always in the middle unless `internals` say otherwise. */
export function fakeStack(options: Partial<ParlanceOptions> = {}, internals: Partial<Internals> = {}): FakeStack {
  const clock = new FakeClock();
  const gateway = new FakeGateway(() => clock.now());
  let ids = 0;
  const listeners = new Set<() => void>();
  const client = new TestableClient(
    { url: 'http://gateway.example', getToken: () => 'token', ...options },
    {
      clock,
      random: () => 0.5,
      newId: () => `c${++ids}`,
      openSocket: gateway.openSocket,
      listenForWake: (wake) => {
        listeners.add(wake);
        return () => listeners.delete(wake);
      },
      ...internals,
    },
  );
  const wake = (): void => {
    for (const listener of listeners) listener();
  };
  return { clock, gateway, client, wake };
}

/** One that is connected, of a user who is in these rooms. */
export async function connected(
  options?: Partial<ParlanceOptions>,
  rooms: readonly string[] = ['r'],
): Promise<FakeStack> {
  const stack = fakeStack(options);
  for (const roomId of rooms) stack.gateway.addRoom(roomId);
  await stack.client.connect();
  await stack.clock.pass(0);
  return stack;
}
