import type { IdRange } from '../slots/message-store.js';

/** Where a page of history stands. `id: 0` in `after` is the very beginning. */
export type HistoryPosition =
  | { readonly kind: 'newest' }
  | { readonly kind: 'before'; readonly id: number }
  | { readonly kind: 'after'; readonly id: number };

/** What a page covers before it is read. */
export interface PageExtent {
  /** Undefined for an empty page. */
  readonly range: IdRange | undefined;
  /** Which end stays when the page must be cut: the one that paging goes on from. */
  readonly anchor: 'first' | 'last';
  /** The caller asked for what lies below `floor`, which is not theirs to see. */
  readonly truncated: boolean;
}

/** The ids of a page. `floor` is the first id that the caller may see, `head` the newest. Pure. */
export function pageExtent(position: HistoryPosition, limit: number, floor: number, head: number): PageExtent {
  if (position.kind === 'after') {
    const from = Math.max(position.id + 1, floor);
    return { range: span(from, Math.min(from + limit - 1, head)), anchor: 'first', truncated: position.id + 1 < floor };
  }
  const to = position.kind === 'newest' ? head : Math.min(position.id - 1, head);
  return {
    range: span(Math.max(to - limit + 1, floor), to),
    anchor: 'last',
    truncated: position.kind === 'before' && floor > 1 && to < floor,
  };
}

/** More lies in the direction of paging. */
export function hasMore(anchor: PageExtent['anchor'], page: IdRange | undefined, floor: number, head: number): boolean {
  if (!page) return false;
  return anchor === 'first' ? page.to < head : page.from > floor;
}

function span(from: number, to: number): IdRange | undefined {
  return from <= to ? { from, to } : undefined;
}
