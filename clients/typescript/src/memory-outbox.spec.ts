import { describe } from 'vitest';
import { memoryOutbox } from './memory-outbox.js';
import { outboxStoreContract } from './outbox-store.contract.js';

describe('memoryOutbox', () => {
  outboxStoreContract(() => Promise.resolve(memoryOutbox()));
});
