import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Address } from './chat-socket.ts';
import type { Answered, CrowdAsked, CrowdTold, FirstRequest, Opened } from './crowd-messages.ts';
import type { CrowdRoom, LoadResult, LoadSpec } from './load.ts';

/** Connected people in a process of their own. */
export class Crowd implements AsyncDisposable {
  /** Of all crowds that are running, to tell their CPU from that of strangers. */
  static readonly pids = new Set<number>();

  private onMark: (at: 'begin' | 'end') => void = () => undefined;
  private last: Promise<unknown> = Promise.resolve();

  private constructor(private readonly child: ChildProcess) {
    Crowd.pids.add(this.pid);
    child.once('exit', () => Crowd.pids.delete(this.pid));
    child.on('message', (told: CrowdTold) => {
      if (told.kind === 'mark') this.onMark(told.at);
    });
  }

  /** Starts the process; nobody is connected yet. */
  static start(): Crowd {
    const file = fileURLToPath(new URL('./crowd-process.js', import.meta.url));
    return new Crowd(fork(file, { stdio: 'inherit', execArgv: [] }));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Connects more people; the first of them has the number of those who were there before. */
  async open(addresses: readonly Address[], options: OpenOptions = {}): Promise<Opened> {
    const { atOnce = 40, first } = options;
    return (await this.ask({ kind: 'open', addresses, atOnce, ...(first && { first }) })) as Opened;
  }

  /** Ends all connections at once. */
  async drop(): Promise<void> {
    await this.ask({ kind: 'drop' });
  }

  /** These connections read nothing any more. */
  async pause(connections: readonly number[]): Promise<void> {
    await this.ask({ kind: 'pause', connections });
  }

  /** One person asks for one thing after the other. */
  async inTurn(connection: number, requests: readonly FirstRequest[]): Promise<readonly Answered[]> {
    return (await this.ask({ kind: 'inTurn', connection, requests })) as readonly Answered[];
  }

  /** Many people ask for the same thing at once. */
  async together(connections: readonly number[], request: FirstRequest): Promise<readonly unknown[]> {
    return (await this.ask({ kind: 'together', connections, request })) as readonly unknown[];
  }

  /** One person sends an event and gets its ack. */
  async request(connection: number, name: string, payload: unknown): Promise<unknown> {
    return this.ask({ kind: 'request', connection, name, payload });
  }

  /** Runs a load; `onMark` hears when the span that counts begins and ends. */
  async load(
    rooms: readonly CrowdRoom[],
    spec: LoadSpec,
    onMark: (at: 'begin' | 'end') => void = () => undefined,
  ): Promise<LoadResult> {
    this.onMark = onMark;
    return (await this.ask({ kind: 'load', rooms, spec })) as LoadResult;
  }

  private ask(asked: CrowdAsked): Promise<unknown> {
    const answer = this.last.then(async () => {
      const settled = new Promise<unknown>((resolve, reject) => {
        const onExit = (code: number | null): void => reject(new Error(`the crowd's process ended with ${code}`));
        const onMessage = (told: CrowdTold): void => {
          if (told.kind === 'mark') return;
          this.child.off('message', onMessage).off('exit', onExit);
          if (told.kind === 'answer') resolve(told.value);
          else reject(new Error(told.message));
        };
        this.child.on('message', onMessage).on('exit', onExit);
      });
      this.child.send(asked);
      return settled;
    });
    this.last = answer.catch(() => undefined);
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}

/** See {@link Crowd.open}. */
export interface OpenOptions {
  /** Handshakes under way at a time; default 40. */
  readonly atOnce?: number;
  /** What each asks for as soon as it is there. */
  readonly first?: readonly (FirstRequest | undefined)[];
}
