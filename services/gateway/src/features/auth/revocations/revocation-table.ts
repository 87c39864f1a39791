/**
 * The revocations in force, as far as this gateway has heard: user id to `revokedBefore`, Unix milliseconds. Not loaded
 * at first; whoever checks tokens must not trust an empty table before that.
 */
export class RevocationTable {
  private entries = new Map<string, number>();
  private heard = new Map<string, number>();
  private loaded = false;
  private readonly listeners: ((userId: string) => void)[] = [];

  /** True once all revocations have been read. */
  get isLoaded(): boolean {
    return this.loaded;
  }

  /** Tokens of the user issued at this time or before are refused; undefined when there is no revocation. */
  revokedBefore(userId: string): number | undefined {
    return this.entries.get(userId);
  }

  /** Adds a listener for every revocation that is new here, or later than the one that was known. */
  onRevoked(listener: (userId: string) => void): void {
    this.listeners.push(listener);
  }

  /** Notes one revocation. An older one than the known changes nothing. */
  add(userId: string, revokedBefore: number): void {
    const known = this.entries.get(userId) ?? 0;
    const latest = Math.max(revokedBefore, known);
    this.entries.set(userId, latest);
    this.heard.set(userId, latest);
    if (latest > known) this.tell(userId);
  }

  /** To be called before all revocations are read: what is heard from here on is newer than the reading. */
  beginLoad(): void {
    this.heard = new Map();
  }

  /** Takes what was read in place of what was known, except what was heard since the reading began. */
  load(revocations: Iterable<{ readonly userId: string; readonly revokedBefore: number }>): void {
    const { heard, entries: known } = this;
    this.entries = new Map();
    for (const { userId, revokedBefore } of revocations) this.entries.set(userId, revokedBefore);
    for (const [userId, revokedBefore] of heard) {
      this.entries.set(userId, Math.max(revokedBefore, this.entries.get(userId) ?? 0));
    }
    this.loaded = true;
    for (const [userId, revokedBefore] of this.entries) if (revokedBefore > (known.get(userId) ?? 0)) this.tell(userId);
  }

  private tell(userId: string): void {
    for (const listener of this.listeners) listener(userId);
  }
}
