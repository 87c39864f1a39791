/** Well below the time after which a client forgets that somebody was typing (12 s). */
export const repeatMs = 3_000;

/**
 * What this gateway has passed on of its users' typing. The same again within {@link repeatMs} tells nobody anything: who
 * heard it still shows it. Bounded by what was told in that time.
 */
export class ToldTyping {
  /** In the order in which it was told. */
  private readonly told = new Map<string, { readonly isTyping: boolean; readonly at: number }>();

  /** @param now Milliseconds. */
  constructor(private readonly now: () => number) {}

  /** Whether the room has just been told the same of this user. */
  knows(userId: string, roomId: string, isTyping: boolean): boolean {
    const last = this.told.get(keyOf(userId, roomId));
    return last !== undefined && last.isTyping === isTyping && this.now() - last.at < repeatMs;
  }

  /** Notes that the room was told. */
  note(userId: string, roomId: string, isTyping: boolean): void {
    const key = keyOf(userId, roomId);
    const now = this.now();
    this.told.delete(key);
    this.told.set(key, { isTyping, at: now });
    for (const [oldest, { at }] of this.told) {
      if (now - at < repeatMs) return;
      this.told.delete(oldest);
    }
  }
}

function keyOf(userId: string, roomId: string): string {
  return `${roomId} ${userId}`;
}
