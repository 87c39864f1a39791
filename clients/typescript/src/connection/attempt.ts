import type { AckSuccess, ClientEventName, ClientRequests, Ready } from '@parlance/proto';
import type { Internals } from '../internals.js';
import { ParlanceError } from '../parlance-error.js';
import type { ParlanceOptions } from '../parlance-options.js';
import type { GatewaySocket } from '../socket/gateway-socket.js';
import { LivenessCheck } from '../socket/liveness-check.js';
import { SocketEnded } from '../socket/socket-ended.js';
import { withinTime } from '../time/within-time.js';
import { TokenRefresh } from '../tokens/token-refresh.js';
import type { Patience } from './patience.js';
import { PendingRequests } from './pending-requests.js';

const nothing = (): void => undefined;

/**
 * One attempt to connect, and the connection that it becomes: from the question for a token to the end. Everything in it ends
 * in time, and nothing of it is heard once it is over.
 */
export class Attempt {
  private readonly beganAt: number;
  private readonly requests: PendingRequests;
  private readonly refresh: TokenRefresh;
  private readonly watch: LivenessCheck;
  private stage: 'connecting' | 'ready' | 'over' = 'connecting';
  private socket: GatewaySocket | undefined;
  private readyAt: number | undefined;
  private cancelTimer: () => void = nothing;
  private cancelMove: () => void = nothing;

  constructor(
    private readonly options: ParlanceOptions,
    private readonly internals: Pick<Internals, 'clock' | 'random' | 'openSocket'>,
    patience: Patience,
    private readonly listener: AttemptListener,
  ) {
    this.beganAt = internals.clock.now();
    this.requests = new PendingRequests(internals.clock, this.timeoutMs);
    const replace = (token: string): Promise<unknown> => this.request('refreshToken', { token });
    this.refresh = new TokenRefresh(
      internals,
      () => this.getToken(),
      replace,
      (error) => listener.failed(error),
    );
    this.watch = new LivenessCheck(internals, patience, {
      isWaiting: () => this.requests.size > 0,
      probe: () => this.socket?.send('resume', { rooms: {} }, () => this.watch.heard()),
      silent: () => this.lose(ParlanceError.disconnected('unknown', new SocketEnded('the link is silent', 'nobody'))),
    });
  }

  /** How long it has taken so far, milliseconds. */
  get ageMs(): number {
    return this.internals.clock.now() - this.beganAt;
  }

  /** How long the connection has stood, milliseconds; 0 before `ready`. */
  get readyForMs(): number {
    return this.internals.clock.now() - (this.readyAt ?? this.internals.clock.now());
  }

  /** Never rejects: what goes wrong is the loss of this attempt. */
  async begin(): Promise<void> {
    try {
      const token = await this.getToken();
      if (this.stage === 'over') return;
      this.cancelTimer = this.internals.clock.after(this.timeoutMs, () =>
        this.lose(ParlanceError.disconnected('rejected', new Error('no ready event came in time'))),
      );
      this.open(token);
    } catch (thrown) {
      const error = ParlanceError.from(thrown, 'DISCONNECTED');
      if (this.stage !== 'over' && error.retryable) this.listener.failed(error);
      this.lose(error);
    }
  }

  /** Sends an event and resolves with its answer. Rejects with a ParlanceError, at once where there is no connection. */
  request<Name extends ClientEventName>(name: Name, payload: ClientRequests[Name]['payload']): Promise<Answer<Name>> {
    const socket = this.socket;
    if (this.stage !== 'ready' || !socket) return Promise.reject(ParlanceError.disconnected('rejected'));
    this.watch.asked();
    return this.requests.add((answer) =>
      socket.send(name, payload, (ack) => {
        this.watch.heard();
        answer(ack);
      }),
    ) as Promise<Answer<Name>>;
  }

  /** Finds out whether the connection still stands. */
  test(): void {
    if (this.stage === 'ready') this.watch.test();
  }

  /** Lets go of it, by this cause. Requests without an answer reject. */
  end(cause?: unknown): void {
    this.stage = 'over';
    this.cancelTimer();
    this.cancelMove();
    this.refresh.stop();
    this.watch.stop();
    this.socket?.close();
    this.socket = undefined;
    this.requests.loseAll(cause);
  }

  private open(token: string): void {
    const target = { url: this.options.url, token, connectTimeoutMs: this.timeoutMs };
    const ifAlive = (act: () => void): void => {
      if (this.stage === 'over') return;
      this.watch.heard();
      act();
    };
    this.socket = this.internals.openSocket(target, {
      event: (name, payload) => ifAlive(() => this.take(token, name, payload)),
      heartbeat: () => ifAlive(nothing),
      closed: (error) => this.lose(error),
    });
  }

  private take(token: string, name: string, payload: unknown): void {
    if (name === 'ready') this.ready(token, payload as Ready);
    else if (name === 'reconnectIn') {
      const { delayMs } = payload as { readonly delayMs: number };
      this.cancelMove();
      this.cancelMove = this.internals.clock.after(delayMs, () => this.lose(undefined));
    } else if (this.stage === 'ready') this.listener.event(name, payload);
  }

  private ready(token: string, ready: Ready): void {
    const now = this.internals.clock.now();
    this.cancelTimer();
    this.stage = 'ready';
    this.readyAt = now;
    this.refresh.watch(token, ready.serverTime - now);
    this.listener.ready(ready);
  }

  private lose(error: ParlanceError | undefined): void {
    if (this.stage !== 'over') this.listener.lost(error);
  }

  private async getToken(): Promise<string> {
    const { clock } = this.internals;
    const late = (): Error => new Error(`getToken did not settle within ${this.timeoutMs} ms`);
    try {
      return await withinTime(clock, this.timeoutMs, () => this.options.getToken(), late);
    } catch (thrown) {
      throw ParlanceError.from(thrown, 'TOKEN_SOURCE_FAILED');
    }
  }

  private get timeoutMs(): number {
    return requestTimeoutMs(this.options);
  }
}

/** Whom an attempt tells. */
export interface AttemptListener {
  /** The connection stands. */
  ready(ready: Ready): void;
  /** A server event other than those about the connection itself. */
  event(name: string, payload: unknown): void;
  /** It failed, or the connection is gone; undefined where the client should move on by itself. `end` is still to be called. */
  lost(error: ParlanceError | undefined): void;
  /** What went wrong where no promise tells it. */
  failed(error: ParlanceError): void;
}

/** The answer to one client event. */
export type Answer<Name extends ClientEventName> = AckSuccess<ClientRequests[Name]['data']>;

/** `requestTimeoutMs` or its default. */
export function requestTimeoutMs(options: ParlanceOptions): number {
  return options.requestTimeoutMs ?? 12_000;
}
