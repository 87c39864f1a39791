import { z } from 'zod';

/** discovery.k8s.io/v1, as far as it is read: `ready` unset means ready. */
const endpointSlice = z.object({
  metadata: z.object({ name: z.string(), resourceVersion: z.string() }),
  addressType: z.string(),
  endpoints: z
    .array(
      z.object({
        addresses: z.array(z.string()),
        conditions: z.object({ ready: z.boolean().nullish(), serving: z.boolean().nullish() }).nullish(),
      }),
    )
    .nullish(),
});

const bookmark = z.object({ metadata: z.object({ resourceVersion: z.string() }) });

const sliceList = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  items: z.array(endpointSlice),
});

const watchEvent = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.unknown(),
});

/**
 * The pods behind a Service as its EndpointSlices tell it: a list, and after it changes. A Service may have several
 * slices. Objects that are not slices are faults of the API and throw a ZodError.
 */
export class ReadyEndpoints {
  private readonly slices = new Map<string, EndpointSlice>();

  /** Takes a whole list in place of everything known; returns its `resourceVersion`, from which changes follow. */
  replace(list: unknown): string {
    const { items, metadata } = sliceList.parse(list);
    this.slices.clear();
    for (const slice of items) this.slices.set(slice.metadata.name, slice);
    return metadata.resourceVersion;
  }

  /** Takes one change; returns its `resourceVersion`. Undefined: what is known is too old, and has to be listed again. */
  apply(change: unknown): string | undefined {
    const { type, object } = watchEvent.parse(change);
    if (type === 'ERROR') return undefined;
    if (type === 'BOOKMARK') return bookmark.parse(object).metadata.resourceVersion;
    const slice = endpointSlice.parse(object);
    if (type === 'DELETED') this.slices.delete(slice.metadata.name);
    else this.slices.set(slice.metadata.name, slice);
    return slice.metadata.resourceVersion;
  }

  /**
   * IP addresses of the pods that are ready; if none is, of those that still serve while they end. Of one family where
   * pods have two, IPv4 first: two streams to one pod would halve what is sent together.
   */
  get addresses(): readonly string[] {
    for (const family of ['IPv4', 'IPv6'] as const) {
      const endpoints = [...this.slices.values()]
        .filter(({ addressType }) => addressType === family)
        .flatMap((slice) => slice.endpoints ?? []);
      const ready = endpoints.filter(({ conditions }) => conditions?.ready ?? true);
      const serving = endpoints.filter(({ conditions }) => conditions?.serving ?? false);
      const usable = ready.length > 0 ? ready : serving;
      // All addresses of one endpoint are the same pod.
      if (usable.length > 0) return [...new Set(usable.flatMap(({ addresses }) => addresses.slice(0, 1)))].toSorted();
    }
    return [];
  }
}

type EndpointSlice = z.output<typeof endpointSlice>;
