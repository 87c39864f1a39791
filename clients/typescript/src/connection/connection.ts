import type { ClientEventName, ClientRequests, Ready } from '@parlance/proto';
import type { Internals } from '../internals.js';
import { refusalOfEvent, type ServerLimits } from '../outbox/sizes/size-refusal.js';
import { ParlanceError } from '../parlance-error.js';
import type { ParlanceOptions } from '../parlance-options.js';
import { fullJitter, type JitterRange } from '../time/full-jitter.js';
import { type Answer, Attempt, requestTimeoutMs } from './attempt.js';
import type { ConnectionState } from './connection-state.js';
import { FirstReady } from './first-ready.js';
import { Patience } from './patience.js';
import { afterLoss } from './reconnect-policy.js';

/** A connection that held this long did not fail at once: the waits begin anew. */
const lastingMs = 10_000;

/** An attempt this old may have begun while there was no network. */
const staleMs = 3_000;

/** Keeps one connection to a gateway, and makes the next one when it is lost. */
export class Connection {
  private readonly patience = new Patience();
  private _state: ConnectionState = 'idle';
  private current: Attempt | undefined;
  private _limits: ServerLimits | undefined;
  /** Attempts since the last connection that lasted. */
  private attempts = 0;
  private hasTriedFreshToken = false;
  private _nextAttemptAt: number | undefined;
  /** The server has said when: nothing but `connect()` is faster. */
  private isAskedToWait = false;
  private cancelWait: () => void = nothing;
  private stopListening: (() => void) | undefined;
  private first: FirstReady | undefined;
  private _error: ParlanceError | undefined;

  constructor(
    private readonly options: ParlanceOptions,
    private readonly internals: ConnectionInternals,
    private readonly listener: ConnectionListener,
  ) {}

  get state(): ConnectionState {
    return this._state;
  }

  /** Why the last attempt or connection has ended; undefined while one stands, before the first has ended, and after `stop()`. */
  get error(): ParlanceError | undefined {
    return this._error;
  }

  /** When the next attempt begins, Unix milliseconds; only while it waits for that. */
  get nextAttemptAt(): number | undefined {
    return this._state === 'waiting' ? this._nextAttemptAt : undefined;
  }

  /** What the server takes at most, as the last `ready` said. */
  get limits(): ServerLimits | undefined {
    return this._limits;
  }

  /**
   * Connects; resolves with the first `ready`, rejects when trying again cannot help. While it
   * waits between two attempts, the next one begins at once.
   */
  start(): Promise<void> {
    if (this._state === 'online') return Promise.resolve();
    const { clock, listenForWake } = this.internals;
    this.stopListening ??= listenForWake(() => this.wake());
    const terms = { url: this.options.url, timeoutMs: requestTimeoutMs(this.options) };
    this.first ??= new FirstReady(clock, terms, (error) => this.listener.failed(error));
    const { promise } = this.first;
    if (this._state !== 'connecting') {
      this.attempts = 0;
      this.connect();
    }
    return promise;
  }

  /** Lets go of the connection for good. Requests without an answer reject. */
  stop(): void {
    this.release();
    this.end(
      new ParlanceError({ code: 'CLOSED', message: 'close() was called.', retryable: false, outcome: 'rejected' }),
    );
  }

  /**
   * Sends an event and resolves with its answer. Rejects with a ParlanceError, at once where there is no connection or where
   * the event is too long for the server.
   */
  request<Name extends ClientEventName>(name: Name, payload: ClientRequests[Name]['payload']): Promise<Answer<Name>> {
    const attempt = this.current;
    if (this._state !== 'online' || !attempt) return Promise.reject(ParlanceError.disconnected('rejected'));
    const refusal = this._limits && refusalOfEvent(name, payload, this._limits);
    return refusal ? Promise.reject(refusal) : attempt.request(name, payload);
  }

  /** Tells what went wrong where no promise tells it. */
  report(error: ParlanceError): void {
    this.listener.failed(error);
  }

  /** The network is back, or somebody looks again: what waits need not wait, and what stands may stand no more. */
  private wake(): void {
    if (this._state === 'online') this.current?.test();
    else if (this._state === 'waiting' && !this.isAskedToWait) {
      this.attempts = 0;
      this.wait(fullJitter(0, this.range, this.internals.random));
    } else if (this._state === 'connecting' && (this.current?.ageMs ?? 0) > staleMs) this.connect();
  }

  private connect(): void {
    this.release();
    this.attempts += 1;
    const attempt = new Attempt(this.options, this.internals, this.patience, {
      ready: (ready) => this.ready(attempt, ready),
      event: (name, payload) => this.listener.event(name, payload),
      lost: (error) => this.lost(attempt, error),
      failed: (error) => {
        this.first?.told();
        this.listener.failed(error);
      },
    });
    this.current = attempt;
    this.setState('connecting');
    if (attempt === this.current) void attempt.begin();
  }

  private ready(attempt: Attempt, ready: Ready): void {
    this.hasTriedFreshToken = false;
    this._limits = ready.limits;
    this._error = undefined;
    this.listener.signedIn(ready.userId);
    if (attempt !== this.current) return;
    const first = this.first;
    this.first = undefined;
    this.setState('online');
    if (attempt === this.current) this.listener.ready(ready);
    first?.resolve();
  }

  private lost(attempt: Attempt, error: ParlanceError | undefined): void {
    const isMove = error === undefined;
    if (isMove || attempt.readyForMs >= lastingMs) this.attempts = 0;
    this.release(error?.cause);
    if (isMove) return this.connect();
    this.first?.lost(error);
    this._error = error;
    const facts = { error, attempt: Math.max(0, this.attempts - 1), hasTriedFreshToken: this.hasTriedFreshToken };
    const next = afterLoss(facts, this.range, this.internals.random);
    if (next.kind === 'giveUp') return this.end(next.error);
    this.hasTriedFreshToken ||= error.code === 'TOKEN_EXPIRED';
    this.isAskedToWait = next.isAsked;
    this.wait(next.delayMs);
  }

  private wait(delayMs: number): void {
    const { clock } = this.internals;
    this.cancelWait();
    this._nextAttemptAt = clock.now() + delayMs;
    this.cancelWait = clock.after(delayMs, () => this.connect());
    this.setState('waiting');
  }

  /** Ends the present attempt, by this cause, or the wait for the next one. */
  private release(cause?: unknown): void {
    this.cancelWait();
    const attempt = this.current;
    this.current = undefined;
    attempt?.end(cause);
  }

  private end(error: ParlanceError): void {
    this.stopListening?.();
    this.stopListening = undefined;
    const first = this.first;
    this.first = undefined;
    this._error = error.code === 'CLOSED' ? undefined : error;
    this.setState('closed');
    if (first) first.reject(error);
    else if (error.code !== 'CLOSED') this.listener.failed(error);
  }

  private setState(state: ConnectionState): void {
    if (state === this._state) return;
    this._state = state;
    this.listener.stateChanged(state);
  }

  private get range(): JitterRange {
    const { firstMs = 300, capMs = 20_000 } = this.options.reconnect ?? {};
    return { firstMs, capMs };
  }
}

/** Whoever follows a connection. */
export interface ConnectionListener {
  stateChanged(state: ConnectionState): void;
  /** Whose token it was, before the state is `online`. */
  signedIn(userId: string): void;
  /** A new connection stands. */
  ready(ready: Ready): void;
  /** A server event other than those about the connection itself. */
  event(name: string, payload: unknown): void;
  /** What went wrong where no promise tells it. */
  failed(error: ParlanceError): void;
}

/** What a connection is made with that tests replace. */
export type ConnectionInternals = Pick<Internals, 'clock' | 'random' | 'openSocket' | 'listenForWake'>;

/** A connection as those see it who only ask. */
export type Requester = Pick<Connection, 'request' | 'state' | 'limits' | 'report'>;

const nothing = (): void => undefined;
