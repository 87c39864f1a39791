import type { AckFailure } from '../operations/gen/client-types.js';

/** The answer to every client event and every HTTP request. */
export type Ack<Data> = AckSuccess<Data> | AckFailure;

/** It happened. `Extra` is what some answers carry beside the data, such as `hasMore`. */
export interface AckSuccess<Data> {
  readonly success: true;
  readonly data: Data;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly hasMore?: boolean;
  /** Where the next page of `listRooms` starts. */
  readonly cursor?: string;
  /** The page was cut below by what the caller may see, which starts at `firstAvailableId`. */
  readonly truncated?: true;
  readonly firstAvailableId?: number;
}
