import { RecentRate } from './recent-rate.js';

/**
 * Collects items into frames. An item that comes after a pause goes at once; items that come sooner wait until the pause after
 * the frame before is over, or until the frame is full: by its items, or by its bytes, which only a single item may exceed. The
 * pause grows with the rate of the last moments ({@link Spacing}): an idle stream adds no delay, and a busy one writes frames of
 * many, each of which costs as much as its first twenty items.
 */
export class FrameBatcher<Item> {
  private items: Item[] = [];
  private bytes = 0;
  private lastFrameAt = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;
  private readonly rate = new RecentRate();

  constructor(private readonly options: BatcherOptions<Item>) {}

  /** Adds an item; it is in a written frame at the latest `spacing.mostMs` from now. Order is kept. */
  add(item: Item, bytes: number): void {
    const { maxItems, maxBytes, now } = this.options;
    if (this.bytes + bytes > maxBytes) this.flush();
    this.items.push(item);
    this.bytes += bytes;
    const at = now();
    this.rate.note(at);
    const waitMs = this.spacingMs() - (at - this.lastFrameAt);
    if (this.items.length >= maxItems || this.bytes >= maxBytes || waitMs <= 0) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), waitMs);
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

  private spacingMs(): number {
    const { leastMs, mostMs, quietPerSecond, busyPerSecond, enoughItems } = this.options.spacing;
    const { perSecond } = this.rate;
    const load = (perSecond - quietPerSecond) / (busyPerSecond - quietPerSecond);
    const busyMs = leastMs + Math.min(1, Math.max(0, load)) * (mostMs - leastMs);
    return Math.min(busyMs, (enoughItems * 1_000) / perSecond);
  }
}

/** How frames are made. */
export interface BatcherOptions<Item> {
  /** Gets the items of one frame, at least one. */
  readonly write: (items: readonly Item[]) => void;
  readonly spacing: Spacing;
  /** With these many items a frame is full. */
  readonly maxItems: number;
  /** With these many bytes a frame is full. */
  readonly maxBytes: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/**
 * Pause between frames: the least up to the quiet rate, the most from the busy one on, in between in proportion; and less again
 * where less holds enough items.
 */
export interface Spacing {
  readonly leastMs: number;
  readonly mostMs: number;
  readonly quietPerSecond: number;
  readonly busyPerSecond: number;
  /** A frame of so many gains nothing by waiting for more. */
  readonly enoughItems: number;
}
