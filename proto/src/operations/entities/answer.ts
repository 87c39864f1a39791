import { z } from 'zod';

/** A success with its data, of HTTP and of acks. */
export function successOf<Data extends z.ZodType>(data: Data) {
  return z.object({ success: z.literal(true), data, timestamp: z.iso.datetime() });
}

/** A page of a list that is read from a `cursor`. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return successOf(item.array()).extend({
    hasMore,
    cursor: z.string().exactOptional().describe('With hasMore: pass it back for the next page'),
  });
}

/** Beside the data of every page. */
export const hasMore = z.boolean().exactOptional().describe('More lies in the direction of paging');

/** Data that says nothing: it happened. */
export const Empty = z.object({});

/** A success that says nothing more. */
export const EmptyResponse = successOf(Empty);
