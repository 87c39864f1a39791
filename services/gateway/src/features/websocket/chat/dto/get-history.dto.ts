import { fromDateFault } from '@parlance/proto';
import { z } from 'zod';
import { roomIdDto } from './id.dto.js';
import { pageLimitDto } from './page-limit.dto.js';

const messageId = z.int().min(0);

const fromDate = z
  .union(
    [z.int().min(0), z.iso.datetime({ offset: true }), z.iso.date()],
    'must be Unix milliseconds or an ISO 8601 date',
  )
  .transform((value) => (typeof value === 'number' ? value : Date.parse(value)))
  .superRefine((value, context) => {
    const message = fromDateFault(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

/** Payload of `getHistory`. At most one position; the newest page without any. `fromDate` becomes Unix milliseconds. */
export const getHistoryDto = z
  .strictObject({
    roomId: roomIdDto,
    limit: pageLimitDto,
    beforeId: messageId.optional(),
    afterId: messageId.optional(),
    fromDate: fromDate.optional(),
  })
  .refine(
    ({ beforeId, afterId, fromDate: date }) =>
      [beforeId, afterId, date].filter((each) => each !== undefined).length <= 1,
    {
      message: 'beforeId, afterId and fromDate exclude each other',
    },
  );

/** A valid {@link getHistoryDto}. */
export type GetHistoryDto = z.output<typeof getHistoryDto>;
