import { createZstdDecompress, type ZstdDecompress } from 'node:zlib';

/**
 * Unpacks zstd frames one after the other, off the main thread, for whoever reads many. A call of `zstdDecompressSync` leaves a
 * decompressor with its output buffer behind, which only a full garbage collection takes away (Node 24.21,
 * findings/node-zlib-sync-buffers.sh): 64 KiB a block.
 */
export class BlockDecompressor {
  /** Opened for the first frame: a segment that is damaged before its blocks needs none. */
  private stream: ZstdDecompress | undefined;
  private chunks: Buffer[] = [];
  private bytes = 0;
  private failed: Error | undefined;

  /** `dictionary` is raw content. */
  constructor(private readonly dictionary: Buffer | undefined) {}

  /**
   * What one whole frame holds. The call before has to be done. Rejects when the bytes are no frame or hold another number of
   * bytes; it unpacks nothing more then.
   */
  async decompress(frame: Buffer, rawLength: number): Promise<Buffer> {
    if (!this.failed) {
      this.stream ??= this.opened();
      const { stream } = this;
      await new Promise<void>((resolve) => {
        // An error closes the stream and comes by its own event, before or in place of the call back.
        stream.once('close', resolve);
        stream.write(frame, () => {
          stream.off('close', resolve);
          resolve();
        });
      });
    }
    if (this.bytes !== rawLength) this.failed ??= new Error(`${this.bytes} bytes in place of ${rawLength}`);
    if (this.failed) throw this.failed;
    const raw = Buffer.concat(this.chunks, rawLength);
    this.chunks = [];
    this.bytes = 0;
    return raw;
  }

  /** Gives its memory back. */
  close(): void {
    this.stream?.destroy();
  }

  private opened(): ZstdDecompress {
    const { dictionary } = this;
    const stream = createZstdDecompress({ chunkSize: 128 * 1024, ...(dictionary ? { dictionary } : {}) });
    stream.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk);
      this.bytes += chunk.length;
    });
    stream.on('error', (error: Error) => {
      this.failed = error;
    });
    return stream;
  }
}
