import { ChatError } from '@parlance/proto';
import type { z } from 'zod';
import { likelyField } from './likely-field.js';

/** An event may have thousands of unknown fields. */
const mostGuesses = 10;

/**
 * The payload as the schema's output.
 *
 * @throws ChatError INVALID_MESSAGE, or MESSAGE_TOO_LARGE when a size limit is the only fault. The message names the
 *   first wrong field and the rule it breaks, never the value; an unknown field that is nearly a known one goes first.
 */
export function validate<Schema extends z.ZodType>(schema: Schema, payload: unknown): z.output<Schema> {
  const result = schema.safeParse(payload);
  if (result.success) return result.data;
  const { issues } = result.error;
  const [first] = issues;
  if (first === undefined) throw new ChatError('INVALID_MESSAGE');
  const tooLarge = issues.every((issue) => issue.code === 'custom' && issue.params?.['tooLarge'] === true);
  const message = misspelt(schema, payload, issues) ?? describe(first.path, ruleOf(first));
  throw new ChatError(tooLarge ? 'MESSAGE_TOO_LARGE' : 'INVALID_MESSAGE', { message });
}

function describe(path: readonly PropertyKey[], rule: string): string {
  const end = rule.endsWith('?') ? '' : '.';
  return `${path.length === 0 ? 'The payload' : path.join('.')}: ${rule}${end}`;
}

/** zod's own texts name types, bounds and options; only unknown keys are text of the sender. */
function ruleOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return issue.message;
  const [key = ''] = issue.keys;
  return isPlainName(key) ? `unknown field ${key}` : 'unknown field';
}

/** What is said of the first unknown field that is nearly a known one, or is one elsewhere. It may explain what is missing. */
function misspelt(schema: z.ZodType, payload: unknown, issues: readonly z.core.$ZodIssue[]): string | undefined {
  for (const { code, path, ...issue } of issues) {
    const keys = code === 'unrecognized_keys' ? (issue as z.core.$ZodIssueUnrecognizedKeys).keys : [];
    for (const key of keys.slice(0, mostGuesses).filter(isPlainName)) {
      const likely = likelyField(schema, payload, path, key);
      if (likely !== undefined) return describe(path, `unknown field ${key}: ${likely}`);
    }
  }
  return undefined;
}

function isPlainName(key: string): boolean {
  return /^\w{1,40}$/.test(key);
}
