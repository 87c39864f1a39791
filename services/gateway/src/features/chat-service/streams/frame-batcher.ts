/**
 * Collects items into frames. An item that comes after a pause of `spacingMs` goes at once; items that come sooner
 * wait until `spacingMs` after the frame before, or until the frame is full: by its items, or by its bytes, which only a single
 * item may exceed. So an idle stream adds no delay and a busy one writes at most one frame per `spacingMs` (and per full
 * frame): a frame costs as much as its first twenty items.
 */
export class FrameBatcher<Item> {
  private items: Item[] = [];
  private bytes = 0;
  private lastFrameAt = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: BatcherOptions<Item>) {}

  /** Adds an item; it is in a written frame at the latest `spacingMs` from now. Order is kept. */
  add(item: Item, bytes: number): void {
    const { maxItems, maxBytes, spacingMs } = this.options;
    if (this.bytes + bytes > maxBytes) this.flush();
    this.items.push(item);
    this.bytes += bytes;
    const sinceLastMs = this.options.now() - this.lastFrameAt;
    if (this.items.length >= maxItems || this.bytes >= maxBytes || sinceLastMs >= spacingMs) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), spacingMs - sinceLastMs);
  }

  /** Writes what is collected now. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.items.length === 0) return;
    const { items } = this;
    this.items = [];
    this.bytes = 0;
    this.lastFrameAt = this.options.now();
    this.options.write(items);
  }

  /** Drops what is collected; the owner knows what it was. */
  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.items = [];
    this.bytes = 0;
  }
}

/** How frames are made. */
export interface BatcherOptions<Item> {
  /** Gets the items of one frame, at least one. */
  readonly write: (items: readonly Item[]) => void;
  /** Pause between frames, milliseconds. */
  readonly spacingMs: number;
  /** With these many items a frame is full. */
  readonly maxItems: number;
  /** With these many bytes a frame is full. */
  readonly maxBytes: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}
