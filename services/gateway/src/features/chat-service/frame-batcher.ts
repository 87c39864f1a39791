/**
 * Collects items into frames. An item that comes after a pause of `spacingMs` goes at once; items that come sooner
 * wait until `spacingMs` after the frame before, or until they weigh `maxWeight` together. So an idle link adds no
 * delay and a busy one writes at most one frame per `spacingMs` (and per full frame): a frame costs as much as its
 * first twenty items.
 */
export class FrameBatcher<Item> {
  private items: Item[] = [];
  private weight = 0;
  private lastFrameAt = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: BatcherOptions<Item>) {}

  /** Adds an item; it is in a written frame at the latest `spacingMs` from now. Order is kept. */
  add(item: Item, weight = 1): void {
    this.items.push(item);
    this.weight += weight;
    const sinceLastMs = this.options.now() - this.lastFrameAt;
    if (this.weight >= this.options.maxWeight || sinceLastMs >= this.options.spacingMs) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), this.options.spacingMs - sinceLastMs);
  }

  /** Writes what is collected now. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.items.length === 0) return;
    const { items } = this;
    this.items = [];
    this.weight = 0;
    this.lastFrameAt = this.options.now();
    this.options.write(items);
  }

  /** Drops what is collected; the owner knows what it was. */
  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.items = [];
    this.weight = 0;
  }
}

/** How frames are made. */
export interface BatcherOptions<Item> {
  /** Gets the items of one frame, at least one. */
  readonly write: (items: readonly Item[]) => void;
  /** Pause between frames, milliseconds. */
  readonly spacingMs: number;
  /** Weight at which a frame is full; an item weighs 1 unless told otherwise. */
  readonly maxWeight: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}
