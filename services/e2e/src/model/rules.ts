/**
 * The rules of the message log as switches. The first value of each is what the code does (docs/architecture.md, R2 to
 * R10); every other value is a mistake that the rule was made against.
 */
export interface Rules {
  /** R2: where a message's id comes from. */
  readonly messageId: 'head + 1' | 'counter in Redis';
  /** R2: what a pod takes for the head before it tries the next slot. */
  readonly headRead: 'majority' | 'local';
  /** R2: how several messages of one room are inserted. */
  readonly roomBatch: 'ordered' | 'unordered';
  /** R3: what an unknown insert is once its slot was read again and found empty. */
  readonly emptySlot: 'unknown' | 'dead';
  /** R4: from which view a retry is answered. */
  readonly retryRead: 'majority' | 'local';
  /** R5: when the previous month is searched for a retry. */
  readonly previousSearch: 'after the seal' | 'before the seal';
  /** R5: how it is read. An old primary that has not noticed its fall answers the second. */
  readonly previousRead: 'linearizable' | 'majority';
  /** R6: what ends a month. */
  readonly monthEnd: 'seal' | 'nothing';
  /** R6: when a seal counts. */
  readonly sealRead: 'majority' | 'local';
  /** R9: when the event of a message is published. */
  readonly publication: 'after the commit' | 'before it';
  /** R9: whether heads are compared with the log although no event told of anything. */
  readonly headChecks: 'repeated and swept' | 'none';
  /** R10: what a client does with live messages while its resume is under way. */
  readonly resume: 'buffers' | 'ignores them';
  /** R11: whether the order of one sender's sends is promised although the first was given up as unknown meanwhile. */
  readonly orderAfterUnknown: 'not promised' | 'promised';
  /** R2, R5: the unique indexes on slot and client id, and with them the search for earlier attempts. */
  readonly indexes: 'unique' | 'none';
  /** R9: what a gateway makes of an event. */
  readonly gateway: 'repairs gaps' | 'passes events on';
}

/** What the code does. */
export const rulesAsBuilt: Rules = {
  messageId: 'head + 1',
  headRead: 'majority',
  roomBatch: 'ordered',
  emptySlot: 'unknown',
  retryRead: 'majority',
  previousSearch: 'after the seal',
  previousRead: 'linearizable',
  monthEnd: 'seal',
  sealRead: 'majority',
  publication: 'after the commit',
  headChecks: 'repeated and swept',
  resume: 'buffers',
  orderAfterUnknown: 'not promised',
  indexes: 'unique',
  gateway: 'repairs gaps',
};

/**
 * The protocol that this project started from: Redis counts, an insert looks at nothing that was stored before, gateways
 * pass events on and nobody pulls. To its favour, inserts are still acknowledged by a majority.
 */
export const originalRules: Rules = {
  ...rulesAsBuilt,
  messageId: 'counter in Redis',
  indexes: 'none',
  headChecks: 'none',
  gateway: 'passes events on',
};
