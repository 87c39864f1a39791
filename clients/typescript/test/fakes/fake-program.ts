import { memoryOutbox } from '../../src/outbox/stores/memory-outbox.js';
import type { OutboxStore } from '../../src/outbox/stores/outbox-store.js';
import type { ParlanceClient } from '../../src/parlance-client.js';
import type { Clock } from '../../src/time/clock.js';
import type { FakeClock } from './fake-clock.js';
import type { FakeGateway } from './fake-gateway.js';
import { TestableClient } from './testable-client.js';

/** A program with a client in it, which can be killed: then nothing of it happens any more, and nobody is told. */
export class FakeProgram {
  readonly client: ParlanceClient;
  private isAlive = true;

  constructor(private readonly world: FakeWorld) {
    const { clock, gateway } = world;
    const ifAlive =
      <Args extends unknown[]>(work: (...args: Args) => void) =>
      (...args: Args): void => {
        if (this.isAlive) work(...args);
      };
    const mortal: Clock = {
      now: () => clock.now(),
      after: (delayMs, callback) => clock.after(delayMs, ifAlive(callback)),
    };
    this.client = new TestableClient(
      { url: 'http://gateway.example', getToken: () => 'token', outbox: this.slowOutbox() },
      {
        clock: mortal,
        random: world.random,
        newId: world.newId,
        listenForWake: () => () => undefined,
        openSocket: (target, { event, heartbeat, closed }) => {
          const socket = gateway.openSocket(target, {
            event: ifAlive(event),
            heartbeat: ifAlive(heartbeat),
            closed: ifAlive(closed),
          });
          return { send: ifAlive(socket.send), close: ifAlive(socket.close) };
        },
      },
    );
    void this.client.connect();
  }

  /** Ends it as `SIGKILL` does: what is on its way to the store or to the gateway may or may not get there. */
  kill(): void {
    this.isAlive = false;
    this.world.gateway.cut();
  }

  /** Takes its time for everything, does one after another, and fails to write as often as the world wants it to. */
  private slowOutbox(): OutboxStore {
    const { store, clock, random, storeFails } = this.world;
    let last: Promise<unknown> = Promise.resolve();
    const later = <Result>(work: () => Promise<Result>): Promise<Result> => {
      const own = last.then(async () => {
        await new Promise<void>((done) => void clock.after(random() * 40, done));
        if (!this.isAlive) return new Promise<never>(() => undefined);
        return work();
      });
      last = own.catch(() => undefined);
      return own;
    };
    const write = async (work: () => Promise<void>): Promise<void> => {
      if (storeFails()) throw new Error('the disk is full');
      return work();
    };
    return {
      all: () => later(() => store.all()),
      put: (send) => later(() => write(() => store.put(send))),
      remove: (name) => later(() => write(() => store.remove(name))),
    };
  }
}

/** What programs live in, and what outlives them. */
export interface FakeWorld {
  readonly clock: FakeClock;
  readonly gateway: FakeGateway;
  readonly store: OutboxStore;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly newId: () => string;
  readonly storeFails: () => boolean;
}

/** A store that notes what was put in it. */
export function notingOutbox(): OutboxStore & { readonly everPut: ReadonlySet<string> } {
  const store = memoryOutbox();
  const everPut = new Set<string>();
  return {
    ...store,
    everPut,
    put(send) {
      everPut.add(send.content);
      return store.put(send);
    },
  };
}
