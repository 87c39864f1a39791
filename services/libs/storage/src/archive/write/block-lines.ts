const lineFeed = 0x0a;

/**
 * Lines of the block that is being filled, as bytes. It fills one buffer while the one before is still in use, and makes no
 * third: bytes that are joined from texts are garbage of twice their size.
 */
export class BlockLines {
  private filled: Buffer;
  private spare: Buffer;
  private length = 0;
  private _records = 0;

  /** `size`: bytes that a block has as a rule; one that needs more gets more. */
  constructor(size: number) {
    this.filled = Buffer.allocUnsafeSlow(size);
    this.spare = Buffer.allocUnsafeSlow(size);
  }

  /** Bytes of the lines so far. */
  get bytes(): number {
    return this.length;
  }

  get records(): number {
    return this._records;
  }

  /** Adds a line and its line feed. */
  add(line: string): void {
    // UTF-8 takes three bytes at most for a unit of UTF-16.
    const most = this.length + 3 * line.length + 1;
    if (most > this.filled.length) this.grow(most);
    this.length += this.filled.write(line, this.length);
    this.filled[this.length++] = lineFeed;
    this._records++;
  }

  /** The lines; nothing may use them any more when the next block is taken. */
  take(): Buffer {
    const taken = this.filled.subarray(0, this.length);
    [this.filled, this.spare] = [this.spare, this.filled];
    this.length = 0;
    this._records = 0;
    return taken;
  }

  private grow(bytes: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(bytes, 2 * this.filled.length));
    this.filled.copy(larger, 0, 0, this.length);
    this.filled = larger;
  }
}
