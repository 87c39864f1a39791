import { EventEmitter } from 'node:events';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { type Call, type ExchangeRequest, type ExchangeResponse, frameBytes, limits } from '@parlance/proto';
import { describe, expect, it } from 'vitest';
import type { CallEnvelope, CallRunner } from './call-runner.js';
import { ExchangeSession } from './exchange-session.js';

/** A stream whose reader takes a frame when it is told to. */
class FakeStream extends EventEmitter {
  readonly frames: ExchangeResponse[] = [];
  private readonly takers: (() => void)[] = [];

  write(frame: ExchangeResponse, taken: () => void): boolean {
    this.frames.push(frame);
    this.takers.push(taken);
    return true;
  }

  take(): void {
    this.takers.shift()?.();
  }

  sendMetadata(): void {}

  end(): void {}
}

const page = { messages: [{ content: 'x'.repeat(limits.answerBytes - 5_000), metadataJson: '' }], hasMore: true };

function serve(): { stream: FakeStream; started: string[]; ask: (...calls: Partial<Call>[]) => Promise<void> } {
  const stream = new FakeStream();
  const started: string[] = [];
  const runner = {
    isLeaving: false,
    clock: { now: () => Date.now() },
    onLeave: () => () => {},
    run: async (name: string, { beginPages }: CallEnvelope) => {
      await beginPages?.();
      started.push(name);
      return name === 'getMessageHistory' ? page : {};
    },
  };
  const publishing = { isFailing: false, onChange: () => () => {} };
  new ExchangeSession(
    stream as unknown as ServerDuplexStream<ExchangeRequest, ExchangeResponse>,
    runner as unknown as CallRunner,
    publishing,
  ).serve(() => undefined);
  let callId = 0;
  return {
    stream,
    started,
    ask: async (...calls) => {
      const all = calls.map((call) => ({
        callId: (callId += 1),
        userId: 'ann',
        traceId: '',
        deadlineMs: 60_000,
        ...call,
      }));
      stream.emit('data', { calls: all });
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    },
  };
}

const history = { request: 'getMessageHistory', getMessageHistory: { roomId: 'r', limit: 0 } } as Partial<Call>;
const send = { request: 'setTyping', setTyping: { roomId: 'r', isTyping: true } } as Partial<Call>;

describe('the stream of a gateway', () => {
  it('writes frames of at most so many bytes, and answers everything', async () => {
    const { stream, ask } = serve();
    await ask(...Array.from({ length: 40 }, () => history), ...Array.from({ length: 200 }, () => send));
    for (let turn = 0; turn < 300; turn++) {
      stream.take();
      await new Promise(setImmediate);
    }
    expect(stream.frames.flatMap(({ results }) => results)).toHaveLength(240);
    for (const { results } of stream.frames) {
      expect(results.length).toBeLessThanOrEqual(limits.frameItems);
      expect(results.reduce((sum, result) => sum + frameBytes(result), 0)).toBeLessThanOrEqual(limits.frameBytes);
    }
  });

  it('reads only so many pages for a gateway that does not take them, and goes on when it does', async () => {
    const { stream, started, ask } = serve();
    await ask(...Array.from({ length: 100 }, () => history));
    expect(started).toHaveLength(16);
    expect(stream.frames.flatMap(({ results }) => results).length).toBeLessThanOrEqual(8);
    await ask(send);
    expect(started).toHaveLength(17);
    for (let turn = 0; turn < 300; turn++) {
      stream.take();
      await new Promise(setImmediate);
    }
    expect(started).toHaveLength(101);
  });

  it('waits for nobody when the stream has ended', async () => {
    const { stream, started, ask } = serve();
    await ask(...Array.from({ length: 20 }, () => history));
    stream.emit('cancelled');
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect(started).toHaveLength(20);
  });
});
