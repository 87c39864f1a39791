import type { AckSuccess } from '@parlance/proto';

/** What a handler returns: the data and what goes beside it. The transport adds `success` and `timestamp`. */
export type Answer<Data> = Omit<AckSuccess<Data>, 'success' | 'timestamp'>;
