import type { Call, CallResult } from '@parlance/proto';
import type { ExchangeEvents, OpenExchange } from './exchange-connection.js';

/** Streams that tests drive by hand. */
export class FakeExchange {
  /** Every attempt to connect, oldest first. */
  readonly attempts: FakeConnection[] = [];

  /** To pass to a stream or pool. */
  readonly open: OpenExchange = (address, events) => {
    const connection = new FakeConnection(address, events);
    this.attempts.push(connection);
    return connection;
  };

  /** The newest attempt to reach an address. */
  at(address: string): FakeConnection {
    const found = this.attempts.findLast((attempt) => attempt.address === address);
    if (found === undefined) throw new Error(`nobody connected to ${address}`);
    return found;
  }
}

/** One attempt. */
export class FakeConnection {
  /** Frames written to it. */
  readonly frames: (readonly Call[])[] = [];
  isClosed = false;
  /** Its end was told. */
  isOver = false;
  readonly events: ExchangeEvents;

  constructor(
    readonly address: string,
    events: ExchangeEvents,
  ) {
    this.events = {
      ...events,
      onEnd: (reason) => {
        this.isOver = true;
        events.onEnd(reason);
      },
    };
  }

  /** Calls of all frames. */
  get calls(): readonly Call[] {
    return this.frames.flat();
  }

  write({ calls }: { readonly calls: readonly Call[] }): void {
    this.frames.push(calls);
  }

  close(): void {
    this.isClosed = true;
  }

  /** Answers the call at this position of all calls. */
  answer(index: number, result: Omit<CallResult, 'callId'>): void {
    this.events.onResults([{ callId: this.calls[index]?.callId ?? 0, ...result }]);
  }
}
