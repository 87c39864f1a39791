import { describe } from 'vitest';
import { outboxStoreContract } from '../../../test/fixtures/outbox-store.contract.js';
import { memoryOutbox } from './memory-outbox.js';

describe('memoryOutbox', () => {
  outboxStoreContract(() => Promise.resolve(memoryOutbox()));
});
