import { z } from 'zod';
import { errorReasons } from '../../errors/error-reason.js';
import { count } from './fields.js';
import { typeNames } from './type-names.js';

/** See {@link ErrorReason}. */
export const ErrorCode = z.enum(errorReasons).register(typeNames, { name: 'ErrorReason', isDeclaredElsewhere: true });

/** Whether it may have happened all the same. */
export const ErrorOutcome = z
  .enum(['rejected', 'unknown'])
  .register(typeNames, { name: 'ErrorOutcome', isDeclaredElsewhere: true });

/** What went wrong. */
export const ErrorDetail = z.object({
  code: ErrorCode,
  message: z.string().describe('For people; decide by the code'),
  retryable: z.boolean().describe('The same request may succeed later'),
  outcome: ErrorOutcome.describe('rejected: nothing happened; unknown: it may have been stored'),
  retryAfterMs: count.exactOptional().describe('How long to wait before a retry makes sense'),
});

/** The answer to what failed, on HTTP and in acks. */
export const Failure = z
  .object({ success: z.literal(false), error: ErrorDetail, timestamp: z.iso.datetime().describe('ISO 8601') })
  .describe('It did not happen (`rejected`), or may have happened (`unknown`)')
  .register(typeNames, { name: 'AckFailure' });
