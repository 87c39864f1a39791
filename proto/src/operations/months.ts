import { z } from 'zod';
import { defineOperation } from './define-operation.js';
import { examples } from './entities/examples.js';
import { MonthInventoryResponse } from './entities/month.js';

/** Where messages lie, and what jobs do with them. */
export const months = {
  listMonths: defineOperation({
    summary: 'Shows all months and what jobs know of them; needs the scope admin.',
    payload: z.strictObject({}),
    answer: MonthInventoryResponse,
    errors: ['PERMISSION_DENIED'],
    example: { payload: {}, data: { months: [examples.month], jobs: [examples.jobRun] } },
    http: { method: 'get', path: '/api/v1/admin/months', tag: 'Administration', scope: 'admin' },
    call: { effect: 'read', repeatable: true, data: 'inventory' },
  }),
} as const;
