import type { AckSuccess, ClientEventName, ClientRequests, Ready } from '@parlance/proto';
import type { ConnectionState } from './connection-state.js';
import type { Internals } from './internals.js';
import type { Link } from './link.js';
import { ParlanceError } from './parlance-error.js';
import type { ParlanceOptions } from './parlance-options.js';
import { PendingRequests } from './pending-requests.js';
import { afterLoss } from './reconnect-policy.js';
import { refusalOfEvent, type ServerLimits } from './size-refusal.js';
import { TokenRefresh } from './token-refresh.js';
import { withinTime } from './within-time.js';

/** Keeps one link to a gateway, and makes the next one when it is lost. */
export class Connection {
  readonly #requests: PendingRequests;
  readonly #refresh: TokenRefresh;
  #state: ConnectionState = 'idle';
  /** Counts attempts; what belongs to an older one is not heard any more. */
  #generation = 0;
  #link: Link | undefined;
  #limits: ServerLimits | undefined;
  #onlineSince: number | undefined;
  #attempt = 0;
  #hasTriedFreshToken = false;
  #nextAttemptAt: number | undefined;
  #cancelTimer: () => void = nothing;
  #cancelMove: () => void = nothing;
  #first: PromiseWithResolvers<void> | undefined;

  constructor(
    private readonly options: ParlanceOptions,
    private readonly internals: Pick<Internals, 'clock' | 'random' | 'openLink'>,
    private readonly listener: ConnectionListener,
  ) {
    this.#requests = new PendingRequests(internals.clock, this.#timeoutMs);
    this.#refresh = new TokenRefresh(internals.clock, {
      getToken: () => this.#getToken(),
      send: (token) => this.request('refreshToken', { token }),
      failed: (error) => listener.failed(error),
    });
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** When the next attempt begins, Unix milliseconds; only while it waits for that. */
  get nextAttemptAt(): number | undefined {
    return this.#state === 'waiting' ? this.#nextAttemptAt : undefined;
  }

  /** What the server takes at most, as the last `ready` said. */
  get limits(): ServerLimits | undefined {
    return this.#limits;
  }

  /**
   * Connects; resolves with the first `ready`, rejects when trying again cannot help. While it
   * waits between two attempts, the next one begins at once.
   */
  start(): Promise<void> {
    if (this.#state === 'online') return Promise.resolve();
    this.#first ??= Promise.withResolvers();
    const { promise } = this.#first;
    if (this.#state !== 'connecting') {
      this.#cancelTimer();
      this.#attempt = 0;
      this.#connect();
    }
    return promise;
  }

  /** Lets go of the connection for good. Requests without an answer reject. */
  stop(): void {
    this.#release();
    this.#end(
      new ParlanceError({ code: 'CLOSED', message: 'close() was called.', retryable: false, outcome: 'rejected' }),
    );
  }

  /**
   * Sends an event and resolves with its answer. Rejects with a ParlanceError, at once where there is no connection or where
   * the event is too long for the server.
   */
  request<Name extends ClientEventName>(name: Name, payload: ClientRequests[Name]['payload']): Promise<Answer<Name>> {
    const link = this.#link;
    if (this.#state !== 'online' || !link) return Promise.reject(ParlanceError.disconnected('rejected'));
    const refusal = this.#limits && refusalOfEvent(name, payload, this.#limits);
    if (refusal) return Promise.reject(refusal);
    return this.#requests.add((answer) => link.send(name, payload, answer)) as Promise<Answer<Name>>;
  }

  #connect(): void {
    const generation = ++this.#generation;
    this.#attempt += 1;
    this.#setState('connecting');
    if (generation === this.#generation) void this.#open(generation);
  }

  /** Never rejects: what goes wrong becomes the loss of this attempt. */
  async #open(generation: number): Promise<void> {
    try {
      const token = await this.#getToken();
      if (generation !== this.#generation) return;
      this.#cancelTimer = this.internals.clock.after(this.#timeoutMs, () =>
        this.#lost(generation, ParlanceError.disconnected('rejected', new Error('no ready event came in time'))),
      );
      this.#link = this.internals.openLink(
        { url: this.options.url, token, connectTimeoutMs: this.#timeoutMs },
        {
          event: (name, payload) => {
            if (generation === this.#generation) this.#take(generation, token, name, payload);
          },
          closed: (error) => this.#lost(generation, error),
        },
      );
    } catch (thrown) {
      const error = ParlanceError.from(thrown, 'DISCONNECTED');
      if (generation === this.#generation && error.retryable) this.listener.failed(error);
      this.#lost(generation, error);
    }
  }

  #take(generation: number, token: string, name: string, payload: unknown): void {
    if (name === 'ready') this.#ready(token, payload as Ready);
    else if (name === 'reconnectIn') {
      const { delayMs } = payload as { readonly delayMs: number };
      this.#cancelMove();
      this.#cancelMove = this.internals.clock.after(delayMs, () => this.#lost(generation, undefined));
    } else if (this.#state === 'online') this.listener.event(name, payload);
  }

  #ready(token: string, ready: Ready): void {
    const { clock } = this.internals;
    this.#cancelTimer();
    this.#onlineSince = clock.now();
    this.#hasTriedFreshToken = false;
    this.#refresh.watch(token, ready.serverTime - clock.now());
    this.#limits = ready.limits;
    const first = this.#first;
    this.#first = undefined;
    this.#setState('online');
    this.listener.ready(ready);
    first?.resolve();
  }

  #lost(generation: number, error: ParlanceError | undefined): void {
    if (generation !== this.#generation) return;
    const { clock, random } = this.internals;
    const isMove = error === undefined;
    if (isMove || (this.#onlineSince !== undefined && clock.now() - this.#onlineSince >= lastingMs)) this.#attempt = 0;
    this.#release(error?.cause);
    const { firstMs = 300, capMs = 20_000 } = this.options.reconnect ?? {};
    const facts = { error, attempt: Math.max(0, this.#attempt - 1), hasTriedFreshToken: this.#hasTriedFreshToken };
    const next = afterLoss(facts, { firstMs, capMs }, random);
    if (next.kind === 'giveUp') return this.#end(next.error);
    this.#hasTriedFreshToken ||= error?.code === 'TOKEN_EXPIRED';
    if (isMove) return this.#connect();
    this.#nextAttemptAt = clock.now() + next.delayMs;
    const waiting = this.#generation;
    this.#setState('waiting');
    if (waiting !== this.#generation) return;
    this.#cancelTimer = clock.after(next.delayMs, () => this.#connect());
  }

  /** Stops everything that belongs to the present attempt; nothing of it is heard afterwards. */
  #release(cause?: unknown): void {
    this.#generation += 1;
    this.#cancelTimer();
    this.#cancelMove();
    this.#refresh.stop();
    this.#onlineSince = undefined;
    const link = this.#link;
    this.#link = undefined;
    link?.close();
    this.#requests.loseAll(cause);
  }

  #end(error: ParlanceError): void {
    const first = this.#first;
    this.#first = undefined;
    this.#setState('closed');
    if (first) first.reject(error);
    else if (error.code !== 'CLOSED') this.listener.failed(error);
  }

  #setState(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.listener.stateChanged(state);
  }

  async #getToken(): Promise<string> {
    const { clock } = this.internals;
    const late = (): Error => new Error(`getToken did not settle within ${this.#timeoutMs} ms`);
    try {
      return await withinTime(clock, this.#timeoutMs, () => this.options.getToken(), late);
    } catch (thrown) {
      throw ParlanceError.from(thrown, 'TOKEN_SOURCE_FAILED');
    }
  }

  get #timeoutMs(): number {
    return this.options.requestTimeoutMs ?? 12_000;
  }
}

/** Whoever follows a connection. */
export interface ConnectionListener {
  stateChanged(state: ConnectionState): void;
  /** A new connection stands. */
  ready(ready: Ready): void;
  /** A server event other than those about the connection itself. */
  event(name: string, payload: unknown): void;
  /** What went wrong where no promise tells it. */
  failed(error: ParlanceError): void;
}

/** The answer to one client event. */
export type Answer<Name extends ClientEventName> = AckSuccess<ClientRequests[Name]['data']>;

/** A connection as those see it who only ask. */
export type Requester = Pick<Connection, 'request' | 'state' | 'limits'>;

/** A connection that held this long did not fail at once: the waits begin anew. */
const lastingMs = 10_000;

const nothing = (): void => undefined;
