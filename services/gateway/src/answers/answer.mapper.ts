import { ChatError } from '@parlance/proto';
import { type CalledDefinition, Message, MonthInventory, Room } from '@parlance/proto/operations';
import type { z } from 'zod';
import type { Answer } from './answer.js';
import { toMonthInventory } from './inventory.mapper.js';
import { toChatMessage, toChatRoom } from './wire-to-chat.mapper.js';

/** What the chat service tells otherwise than clients hear it. */
const converters: ReadonlyMap<unknown, (value: never) => unknown> = new Map<unknown, (value: never) => unknown>([
  [Message, toChatMessage],
  [Room, toChatRoom],
  [MonthInventory, toMonthInventory],
]);

/**
 * The answer to an operation, of the response of its call and of the payload: the data from the field that the definition names,
 * no more of it than its schema has, and what stands beside the data of a page.
 */
export function toAnswer({ call, answer }: CalledDefinition, response: object, payload: object): Answer<unknown> {
  const { data: schema } = answer.shape;
  if (call.data === undefined) return { data: fieldsOf(schema as z.ZodObject, payload) };
  const { [call.data]: found, hasMore, cursor, truncated, firstAvailableId } = response as WireAnswer;
  const value = present(found);
  const item = Array.isArray(value) ? (schema as z.ZodArray).element : schema;
  const convert = (converters.get(item) ?? ((each: object) => fieldsOf(item as z.ZodObject, each))) as (
    each: unknown,
  ) => unknown;
  return {
    data: Array.isArray(value) ? value.map(convert) : convert(value),
    ...(hasMore === undefined ? {} : { hasMore }),
    ...(cursor ? { cursor } : {}),
    ...(truncated && firstAvailableId !== undefined ? { truncated, firstAvailableId } : {}),
  };
}

/** Protobuf cannot say that a message field is always there. */
export function present<Value>(value: Value | undefined): NonNullable<Value> {
  if (value === undefined || value === null) throw new ChatError('INTERNAL', { cause: new Error('empty response') });
  return value;
}

interface WireAnswer {
  readonly [field: string]: unknown;
  readonly hasMore?: boolean;
  readonly cursor?: string;
  readonly truncated?: boolean;
  readonly firstAvailableId?: number;
}

/** Of something that has more the fields of a schema. */
function fieldsOf({ shape }: z.ZodObject, given: object): object {
  return Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(shape, name)));
}
