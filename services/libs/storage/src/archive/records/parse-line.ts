import { BSON, type Document, Long, ObjectId } from 'mongodb';
import type { SlotDocument } from '../../documents/message-document.js';

/**
 * The document of a line that `canonicalLine` has made, equal to the one that was archived, with the types it had:
 * numbers of fields that this release does not know are `Int32`, `Double` or `Long`. Throws what `JSON.parse` throws.
 */
export function parseLine(line: string): SlotDocument {
  const parsed = JSON.parse(line) as Record<string, unknown>;
  const document: Document = {};
  for (const [name, value] of Object.entries(parsed)) document[name] = typedValue(value);
  return document as SlotDocument;
}

function typedValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$oid' in value && typeof value.$oid === 'string') return ObjectId.createFromHexString(value.$oid);
  if ('$numberLong' in value && typeof value.$numberLong === 'string') return Long.fromString(value.$numberLong);
  if ('$date' in value && hasLong(value.$date)) return new Date(Number(value.$date.$numberLong));
  return BSON.EJSON.deserialize(value, { relaxed: false });
}

function hasLong(value: unknown): value is { readonly $numberLong: string } {
  return typeof value === 'object' && value !== null && '$numberLong' in value;
}
