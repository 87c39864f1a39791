import { Metadata, type ServerDuplexStream } from '@grpc/grpc-js';
import {
  type Call,
  type CallResult,
  ChatError,
  type ExchangeRequest,
  type ExchangeResponse,
  frameBytes,
  limits,
  toCallError,
  toChatError,
} from '@parlance/proto';
import { type CallName, calls } from '@parlance/proto/operations';
import { ConcurrencyLimiter } from '@parlance/runtime';
import type { PublishingState } from '../../events/publishing-state.js';
import { type CallRunner, timeFor } from './call-runner.js';

/** A call as the loader delivers it: `request` names the field that is set. */
type ReceivedCall = Call & { readonly request?: CallName };

/** Pages that one gateway may have asked for and not taken yet. */
const pagesInFlight = 16;

/**
 * One gateway's stream. Calls are started in the order of their frames; results go back as they come, those of one turn
 * of the event loop in one frame of at most `limits.frameBytes`, and wait while the gateway does not read. Then no more
 * pages are read for it either, so that what waits for a slow gateway is bounded. Every frame says whether events of this pod
 * are failing and whether it will stop soon; a change is told at once.
 */
export class ExchangeSession {
  private outbox: Outgoing[] = [];
  /** Bytes that were written and not taken by the connection yet. */
  private unwritten = 0;
  /** Whoever waits for results that were written and not taken yet. */
  private readonly takers = new Set<() => void>();
  private readonly pages = new ConcurrencyLimiter(
    pagesInFlight,
    () => new ChatError('DEADLINE_EXCEEDED'),
    () => this.runner.clock.now(),
  );
  private scheduled = false;
  private blocked = false;
  private ended = false;
  /** The gateway does not know yet how the pod is. */
  private stateDue = false;
  private stopListening: readonly (() => void)[] = [];

  constructor(
    private readonly stream: ServerDuplexStream<ExchangeRequest, ExchangeResponse>,
    private readonly runner: CallRunner,
    private readonly publishing: Pick<PublishingState, 'isFailing' | 'onChange'>,
  ) {}

  /** Bytes of results that the connection has not taken yet. */
  get waitingBytes(): number {
    return this.outbox.reduce((sum, { bytes }) => sum + bytes, this.unwritten);
  }

  /** Serves the stream until it ends, which it tells once. */
  serve(ended: () => void): void {
    const { stream } = this;
    // Tells the gateway that its credential was accepted; else it would hear of a stream that is up with the first result.
    stream.sendMetadata(new Metadata());
    const tell = (): void => this.tellState();
    this.stopListening = [this.publishing.onChange(tell), this.runner.onLeave(tell), ended];
    if (this.publishing.isFailing || this.runner.isLeaving) this.tellState();
    stream.on('data', ({ calls }: ExchangeRequest) => {
      for (const call of calls) void this.take(call);
    });
    stream.on('drain', () => {
      this.blocked = false;
      this.flush();
    });
    stream.on('end', () => this.end());
    stream.on('error', () => this.end());
    stream.on('cancelled', () => this.end());
  }

  /** Never rejects. */
  private async take(call: ReceivedCall): Promise<void> {
    if (!call.request || !calls[call.request].readsPages) return void this.start(call);
    const deadlineAt = this.runner.clock.now() + timeFor(call.deadlineMs);
    let end: (() => void) | undefined;
    const answer = await this.start(call, async () => {
      end = await this.pages.enter(deadlineAt);
    });
    if (end) await this.taken(answer);
    end?.();
  }

  private async start(call: ReceivedCall, beginPages?: () => Promise<void>): Promise<Outgoing> {
    const { callId, request: name } = call;
    try {
      const request = name && call[name];
      if (!name || !request) throw new ChatError('INVALID_MESSAGE', { message: 'the call names no operation' });
      const { userId, traceId, deadlineMs, requestId, isRepeat } = call;
      const envelope = {
        userId,
        traceId,
        deadlineMs,
        ...(requestId === undefined ? {} : { requestId, isRepeat: isRepeat === true }),
        ...(beginPages && { beginPages }),
      };
      const response = await this.runner.run(name, envelope, request);
      return this.answer({ callId, [name]: response });
    } catch (thrown) {
      return this.answer({ callId, error: toCallError(toChatError(thrown)) });
    }
  }

  private answer(result: CallResult): Outgoing {
    const outgoing: Outgoing = { result, bytes: frameBytes(result) };
    this.outbox.push(outgoing);
    if (this.scheduled || this.blocked) return outgoing;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.flush();
    });
    return outgoing;
  }

  /** Resolves when the connection has taken the result, or is gone. */
  private async taken(outgoing: Outgoing): Promise<void> {
    if (this.ended) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    outgoing.taken = resolve;
    this.takers.add(resolve);
    await promise;
    this.takers.delete(resolve);
  }

  private tellState(): void {
    this.stateDue = true;
    this.flush();
  }

  private flush(): void {
    while (!this.ended && !this.blocked && (this.outbox.length > 0 || this.stateDue)) {
      if (this.unwritten >= limits.frameBytes) return;
      this.stateDue = false;
      const { items, bytes } = this.nextFrame();
      this.unwritten += bytes;
      const state = { eventsFailing: this.publishing.isFailing, leaving: this.runner.isLeaving };
      this.blocked = !this.stream.write({ results: items.map(({ result }) => result), ...state }, () => {
        this.unwritten -= bytes;
        for (const { taken } of items) taken?.();
        this.flush();
      });
    }
  }

  private nextFrame(): { readonly items: readonly Outgoing[]; readonly bytes: number } {
    let [count, bytes] = [0, 0];
    for (const { bytes: more } of this.outbox) {
      if (count === limits.frameItems || (count > 0 && bytes + more > limits.frameBytes)) break;
      count += 1;
      bytes += more;
    }
    return { items: this.outbox.splice(0, count), bytes };
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    this.outbox = [];
    for (const resolve of this.takers) resolve();
    for (const stop of this.stopListening) stop();
    this.stream.end();
  }
}

/** A result on its way, and who waits until the connection has taken it. */
interface Outgoing {
  readonly result: CallResult;
  readonly bytes: number;
  taken?: () => void;
}
