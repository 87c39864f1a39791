import { BSON, type Document, Double, Int32, Long, ObjectId } from 'mongodb';
import type { SlotDocument } from '../../documents/message-document.js';

/** Visible ASCII and blanks, without quotes and backslashes. */
const plain = /^[ !#-[\]-~]*$/;

/**
 * A record as it is archived and hashed: canonical extended JSON (v2) of the whole document in one line without its
 * line feed. Known fields come first and in a fixed order, others after them by name; `messageId` is always a long and
 * `timestamp` a date. So one record has one line, whatever wrote it, and equal lines mean equal documents.
 *
 * Numbers in fields that this release does not know keep their type only if the document was read with
 * `promoteValues: false`.
 */
export function canonicalLine(slot: SlotDocument): string {
  const document: Document = slot;
  let known = 5;
  let line = `{"_id":${valueText(slot._id)},"monthYear":${text(slot.monthYear)},"roomId":${text(slot.roomId)},"messageId":{"$numberLong":"${idText(slot.messageId)}"},"timestamp":{"$date":{"$numberLong":"${slot.timestamp.getTime()}"}}`;
  const add = (start: string, value: unknown): void => {
    if (value === undefined) return;
    known++;
    line += start + (typeof value === 'string' ? text(value) : valueText(value));
  };
  add(',"kind":', document['kind']);
  add(',"senderId":', document['senderId']);
  add(',"clientMessageId":', document['clientMessageId']);
  add(',"bodyHash":', document['bodyHash']);
  add(',"content":', document['content']);
  add(',"messageType":', document['messageType']);
  add(',"metadata":', document['metadata']);
  const names = Object.keys(document);
  return names.length === known ? `${line}}` : `${line}${otherFields(document, names)}}`;
}

const knownFields: ReadonlySet<string> = new Set([
  '_id',
  'monthYear',
  'roomId',
  'messageId',
  'timestamp',
  'kind',
  'senderId',
  'clientMessageId',
  'bodyHash',
  'content',
  'messageType',
  'metadata',
]);

function otherFields(document: Document, names: readonly string[]): string {
  return names
    .filter((name) => !knownFields.has(name) && document[name] !== undefined)
    .toSorted((one, other) => (one < other ? -1 : 1))
    .map((name) => `,${JSON.stringify(name)}:${valueText(document[name])}`)
    .join('');
}

/** A string as `JSON.stringify` writes it, which need not be asked for most. */
function text(value: string): string {
  return plain.test(value) ? `"${value}"` : JSON.stringify(value);
}

/** A long of the driver makes its digits slowly; most ids are numbers that JavaScript holds. */
function idText(id: Long | number): string {
  const number = typeof id === 'number' ? id : id.toNumber();
  return Number.isSafeInteger(number) ? String(number) : id.toString();
}

/** One value in canonical extended JSON. A plain number has the type that the driver would store it with. */
function valueText(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return JSON.stringify(value);
  if (typeof value === 'number') return valueText(isInt32(value) ? new Int32(value) : new Double(value));
  if (typeof value === 'bigint') return `{"$numberLong":"${value}"}`;
  if (value instanceof ObjectId) return `{"$oid":"${value.toHexString()}"}`;
  if (value instanceof Date) return `{"$date":{"$numberLong":"${value.getTime()}"}}`;
  if (value instanceof Long) return `{"$numberLong":"${value.toString()}"}`;
  if (Array.isArray(value)) return `[${value.map((item) => valueText(item ?? null)).join(',')}]`;
  if (isPlain(value)) {
    const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
    return `{${fields.map(([name, inner]) => `${JSON.stringify(name)}:${valueText(inner)}`).join(',')}}`;
  }
  return BSON.EJSON.stringify(value, { relaxed: false });
}

function isInt32(value: number): boolean {
  return Number.isInteger(value) && value >= -0x80000000 && value <= 0x7fffffff && !Object.is(value, -0);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !('_bsontype' in value);
}
