import { Metadata, type ServerDuplexStream } from '@grpc/grpc-js';
import {
  type Call,
  type CallResult,
  ChatError,
  type ExchangeRequest,
  type ExchangeResponse,
  toCallError,
  toChatError,
} from '@parlance/proto';
import type { PublishingState } from '../../events/publishing-state.js';
import type { CallRunner } from './call-runner.js';
import type { OperationName } from './operations.js';

/** A call as the loader delivers it: `request` names the field that is set. */
type ReceivedCall = Call & { readonly request?: OperationName };

/** Results in one frame. */
const frameLimit = 64;

/**
 * One gateway's stream. Calls are started in the order of their frames; results go back as they come, those of one turn
 * of the event loop in one frame, and wait while the gateway does not read. Every frame says whether events of this pod
 * are failing and whether it will stop soon; a change is told at once.
 */
export class ExchangeSession {
  #outbox: CallResult[] = [];
  #scheduled = false;
  #blocked = false;
  #ended = false;
  /** The gateway does not know yet how the pod is. */
  #stateDue = false;
  #stopListening: readonly (() => void)[] = [];

  constructor(
    private readonly stream: ServerDuplexStream<ExchangeRequest, ExchangeResponse>,
    private readonly runner: CallRunner,
    private readonly publishing: Pick<PublishingState, 'isFailing' | 'onChange'>,
  ) {}

  /** Serves the stream until it ends. */
  serve(): void {
    const { stream } = this;
    // Tells the gateway that its credential was accepted; else it would hear of a stream that is up with the first result.
    stream.sendMetadata(new Metadata());
    const tell = (): void => this.#tellState();
    this.#stopListening = [this.publishing.onChange(tell), this.runner.onLeave(tell)];
    if (this.publishing.isFailing || this.runner.isLeaving) this.#tellState();
    stream.on('data', ({ calls }: ExchangeRequest) => {
      for (const call of calls) void this.#start(call);
    });
    stream.on('drain', () => {
      this.#blocked = false;
      this.#flush();
    });
    stream.on('end', () => this.#end());
    stream.on('error', () => this.#end());
    stream.on('cancelled', () => this.#end());
  }

  async #start(call: ReceivedCall): Promise<void> {
    const { callId, request: name } = call;
    try {
      const request = name && call[name];
      if (!name || !request) throw new ChatError('INVALID_MESSAGE', { message: 'the call names no operation' });
      const { userId, traceId: trace, deadlineMs } = call;
      const response = await this.runner.run(name, { userId, trace, deadlineMs }, request);
      this.#answer({ callId, [name]: response });
    } catch (thrown) {
      this.#answer({ callId, error: toCallError(toChatError(thrown)) });
    }
  }

  #answer(result: CallResult): void {
    this.#outbox.push(result);
    if (this.#scheduled || this.#blocked) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #tellState(): void {
    this.#stateDue = true;
    this.#flush();
  }

  #flush(): void {
    while (!this.#ended && !this.#blocked && (this.#outbox.length > 0 || this.#stateDue)) {
      this.#stateDue = false;
      const results = this.#outbox.splice(0, frameLimit);
      this.#blocked = !this.stream.write({
        results,
        eventsFailing: this.publishing.isFailing,
        leaving: this.runner.isLeaving,
      });
    }
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#outbox = [];
    for (const stop of this.#stopListening) stop();
    this.stream.end();
  }
}
