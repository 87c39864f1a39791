import { defineOperation, outside } from './define-operation.js';
import { examples } from './entities/examples.js';
import { ReceiptPayload, ReceiptResponse } from './entities/receipt.js';

/** How far participants have got. */
export const receipts = {
  messageDelivered: defineOperation({
    summary: 'Everything up to a message has arrived.',
    payload: ReceiptPayload,
    answer: ReceiptResponse,
    errors: outside,
    example: { payload: examples.receipt, data: examples.receipt },
    event: { limit: 'receipts' },
    call: { name: 'markMessageDelivered', effect: 'write', repeatable: true },
  }),

  messageRead: defineOperation({
    summary: 'Everything up to a message is read.',
    payload: ReceiptPayload,
    answer: ReceiptResponse,
    errors: outside,
    example: { payload: examples.receipt, data: examples.receipt },
    event: { limit: 'receipts' },
    call: { name: 'markMessageRead', effect: 'write', repeatable: true },
  }),
} as const;
