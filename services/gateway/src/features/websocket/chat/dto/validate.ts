import { ChatError } from '@parlance/proto';
import type { z } from 'zod';

/**
 * The payload as the schema's output.
 *
 * @throws ChatError INVALID_MESSAGE, or MESSAGE_TOO_LARGE when a size limit is the only fault. The message names the
 *   first wrong field and the rule it breaks, never the value.
 */
export function validate<Schema extends z.ZodType>(schema: Schema, payload: unknown): z.output<Schema> {
  const result = schema.safeParse(payload);
  if (result.success) return result.data;
  const { issues } = result.error;
  const [first] = issues;
  if (first === undefined) throw new ChatError('INVALID_MESSAGE');
  const tooLarge = issues.every((issue) => issue.code === 'custom' && issue.params?.['tooLarge'] === true);
  throw new ChatError(tooLarge ? 'MESSAGE_TOO_LARGE' : 'INVALID_MESSAGE', { message: describe(first) });
}

function describe(issue: z.core.$ZodIssue): string {
  const field = issue.path.join('.');
  return field === '' ? `The payload: ${ruleOf(issue)}.` : `${field}: ${ruleOf(issue)}.`;
}

/** zod's own texts name types, bounds and options; only unknown keys are text of the sender. */
function ruleOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return issue.message;
  const [key] = issue.keys;
  return key !== undefined && /^\w{1,40}$/.test(key) ? `unknown field ${key}` : 'unknown field';
}
