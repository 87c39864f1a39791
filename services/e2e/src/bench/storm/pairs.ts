import { setTimeout as delay } from 'node:timers/promises';
import { ChatClient } from '../../clients/chat-client.js';

/** A few pairs of people who talk in rooms of their own at a steady rate, and how long each message takes. */
export class Pairs {
  private readonly shown: { readonly sentAt: number; readonly tookMs: number }[] = [];
  private readonly unshown = new Map<string, number>();
  private readonly stopped = new AbortController();
  private _failed = 0;

  private constructor(private readonly pairs: readonly Pair[]) {}

  /** Connects `count` pairs, spread over the gateways, those of a pair at different ones where there are two. */
  static async open(count: number, urls: readonly string[]): Promise<Pairs> {
    const pairs: Pair[] = [];
    for (let index = 0; index < count; index++) {
      const [left, right] = await Promise.all(
        ['left', 'right'].map((side, place) =>
          ChatClient.connect(urls[(index + place) % urls.length] ?? '', `pair-${index}-${side}`),
        ),
      );
      if (!left || !right) throw new Error('a pair is two');
      const { roomId } = await left.ask('createRoom', { roomType: '1v1', participants: [right.userId] });
      pairs.push({ left, right, roomId });
    }
    return new Pairs(pairs);
  }

  /** Lets every pair talk, one message each `everyMs`, until {@link stop}. */
  talk(everyMs: number): void {
    for (const [index, pair] of this.pairs.entries()) {
      pair.right.socket.on('newMessage', ({ content }) => this.take(content));
      void this.talkOnce(pair, index, everyMs);
    }
  }

  /** Stops talking. */
  stop(): void {
    this.stopped.abort();
  }

  /** Milliseconds from sending to being shown to the other, of what was sent in a span of `performance.now()`. */
  between(from: number, to: number): readonly number[] {
    const now = performance.now();
    // What has not come yet has taken this long already.
    const waiting = [...this.unshown.values()].map((sentAt) => ({ sentAt, tookMs: now - sentAt }));
    return [...this.shown, ...waiting].filter(({ sentAt }) => sentAt >= from && sentAt < to).map((each) => each.tookMs);
  }

  /** Sends that were refused. */
  get failed(): number {
    return this._failed;
  }

  /** Disconnects. */
  close(): void {
    this.stop();
    for (const { left, right } of this.pairs) for (const client of [left, right]) client.close();
  }

  private async talkOnce({ left, roomId }: Pair, index: number, everyMs: number): Promise<void> {
    for (let count = 0; !this.stopped.signal.aborted; count++) {
      const content = `${index}-${count}`;
      this.unshown.set(content, performance.now());
      void left.request('sendMessage', { roomId, content }).then((ack) => {
        if (ack.success) return;
        this._failed += 1;
        this.unshown.delete(content);
      });
      await delay(everyMs * (0.5 + Math.random()));
    }
  }

  private take(content: string): void {
    const sentAt = this.unshown.get(content);
    if (sentAt === undefined) return;
    this.unshown.delete(content);
    this.shown.push({ sentAt, tookMs: performance.now() - sentAt });
  }
}

interface Pair {
  readonly left: ChatClient;
  readonly right: ChatClient;
  readonly roomId: string;
}
