/**
 * What was loaded last, up to a number of bytes. A value is there as soon as it is asked for, so whoever asks meanwhile
 * waits for the same load; one that fails is forgotten. Values are given out as they are: nobody may change them.
 */
export class ByteLru {
  private readonly entries = new Map<string, { readonly value: Promise<unknown>; bytes: number }>();
  private _bytes = 0;

  /** @param noteRead Told of each value that is asked for. */
  constructor(
    private readonly maxBytes: number,
    private readonly noteRead: (result: 'hit' | 'miss') => void = () => undefined,
  ) {}

  /** What it holds now, in bytes as its callers count them. */
  get bytes(): number {
    return this._bytes;
  }

  /** The value under a key, or undefined; asking makes it the newest. */
  get<Value>(key: string): Promise<Value> | undefined {
    const entry = this.entries.get(key);
    this.noteRead(entry ? 'hit' : 'miss');
    if (!entry) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value as Promise<Value>;
  }

  /** Holds a value that counts as `bytes`, and lets go of the oldest ones for it. */
  set<Value>(key: string, bytes: number, value: Promise<Value>): Promise<Value> {
    this.forget(key);
    const entry = { value, bytes };
    this.entries.set(key, entry);
    this._bytes += bytes;
    value.catch(() => {
      if (this.entries.get(key) === entry) this.forget(key);
    });
    this.makeRoom();
    return value;
  }

  /** The value under a key; loaded when it is not there. */
  getOrLoad<Value>(key: string, bytes: number, load: () => Promise<Value>): Promise<Value> {
    return this.get<Value>(key) ?? this.set(key, bytes, load());
  }

  /** Lets a value that it holds count as another number of bytes. */
  weigh(key: string, bytes: number): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this._bytes += bytes - entry.bytes;
    entry.bytes = bytes;
    this.makeRoom();
  }

  private makeRoom(): void {
    for (const oldest of this.entries.keys()) {
      if (this._bytes <= this.maxBytes) return;
      this.forget(oldest);
    }
  }

  private forget(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    this._bytes -= entry.bytes;
  }
}
