import type { Internals } from '../../src/internals.js';
import { ParlanceClient } from '../../src/parlance-client.js';
import type { ParlanceOptions } from '../../src/parlance-options.js';

/** The client, with the second parameter of its constructor, which is not in the declarations. */
export const TestableClient = ParlanceClient as unknown as new (
  options: ParlanceOptions,
  internals: Partial<Internals>,
) => ParlanceClient;
