/**
 * What is wrong with one page of a history whose head is known: ids count from 1 without a hole, so it is known what has to
 * be on it.
 */
export function pageFaults(asked: AskedPage, ids: readonly number[], hasMore: boolean): PageFaults {
  const first = 'afterId' in asked ? asked.afterId + 1 : Math.max(1, asked.beforeId - asked.limit);
  const last = Math.min(asked.head, 'afterId' in asked ? asked.afterId + asked.limit : asked.beforeId - 1);
  const there = new Set(ids);
  const gaps = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  const strangers = [...there].filter((id) => id < first || id > last);
  const expectsMore = 'afterId' in asked ? last < asked.head : first > 1;
  return {
    gaps: gaps.filter((id) => !there.has(id)),
    duplicates: ids.length - there.size,
    reordered: ids.filter((id, index) => id < (ids[index - 1] ?? 0)).length,
    others: [
      ...strangers.map((id) => `a page from #${first} to #${last} has #${id}`),
      ...(hasMore === expectsMore
        ? []
        : [`a page from #${first} to #${last} of ${asked.head} says hasMore: ${hasMore}`]),
    ],
  };
}

/** A request for a page, and the head of the room at that time. */
export type AskedPage = PageCursor & { readonly head: number; readonly limit: number };

/** Behind, or before, which message a page is. */
export type PageCursor = { readonly afterId: number } | { readonly beforeId: number };

/** See {@link pageFaults}. */
export interface PageFaults {
  /** Ids that the page lacks. */
  readonly gaps: readonly number[];
  /** Messages that are on it again. */
  readonly duplicates: number;
  /** Messages behind one with a higher id. */
  readonly reordered: number;
  /** One sentence each. */
  readonly others: readonly string[];
}
