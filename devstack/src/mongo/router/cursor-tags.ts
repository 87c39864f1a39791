import { randomUUID } from 'node:crypto';

const MOST_REMEMBERED = 10_000;

/**
 * Which tag each open cursor of the routing shard was opened with. The routing shard's cursors cannot be killed from
 * outside, those that it opened on the shards can: they are found by the tag, which went along as the command's `comment`.
 */
export class CursorTags {
  private readonly tags = new Map<string, string>();

  /** A tag nobody else uses. */
  next(): string {
    return `parlance-router ${randomUUID()}`;
  }

  /** A cursor was opened. Only the last 10,000 are remembered: what was never read to its end times out on the servers. */
  opened(cursorId: bigint, tag: string): void {
    this.tags.set(String(cursorId), tag);
    if (this.tags.size > MOST_REMEMBERED) this.tags.delete(this.tags.keys().next().value as string);
  }

  /** It was read to its end, or is about to be killed: returns its tag, once. */
  closed(cursorId: bigint): string | undefined {
    const tag = this.tags.get(String(cursorId));
    this.tags.delete(String(cursorId));
    return tag;
  }
}
