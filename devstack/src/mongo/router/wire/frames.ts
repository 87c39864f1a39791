/** The server's own limit. */
const MAX_MESSAGE_BYTES = 48_000_000;

/** Cuts a stream of bytes into whole messages of MongoDB's wire protocol: each starts with its own length. */
export class Frames {
  private chunks: Buffer[] = [];
  private length = 0;

  /** Takes what came and returns the messages that are whole by now. Throws when a length is impossible. */
  push(chunk: Buffer): readonly Buffer[] {
    this.chunks.push(chunk);
    this.length += chunk.length;
    const messages: Buffer[] = [];
    for (;;) {
      const size = this.nextSize();
      if (size === undefined || this.length < size) return messages;
      const all = Buffer.concat(this.chunks, this.length);
      messages.push(all.subarray(0, size));
      this.length -= size;
      this.chunks = this.length === 0 ? [] : [all.subarray(size)];
    }
  }

  private nextSize(): number | undefined {
    if (this.length < 4) return undefined;
    const [first] = this.chunks;
    if (first === undefined) return undefined;
    const head = first.length >= 4 ? first : Buffer.concat(this.chunks, this.length);
    const size = head.readInt32LE(0);
    if (size < 16 || size > MAX_MESSAGE_BYTES) throw new Error(`a message cannot be ${size} bytes long`);
    return size;
  }
}
