import { ObjectId } from 'mongodb';
import { expect, it } from 'vitest';
import { fromMessageJson, toMessageJson, toWireMessage } from './message.mapper.js';
import type { StoredSlot } from './message-store.js';

const slot: StoredSlot = {
  _id: new ObjectId(),
  kind: 'message',
  messageId: 7,
  monthYear: '2026-11' as StoredSlot['monthYear'],
  roomId: 'r',
  timestamp: 1_795_383_905_543,
  senderId: 'ann',
  clientMessageId: 'c-1',
  bodyHash: 'h',
  content: 'line one\nline "two" \u2028',
  messageType: 'text',
  erased: false,
  metadataJson: '{"a":[1,{"$gt":""}]}',
};

it('gives the same message by way of the JSON that clients and the cache get', () => {
  expect(fromMessageJson(toMessageJson(slot))).toEqual(toWireMessage(slot));
  const plain = { ...slot, metadataJson: '' };
  expect(fromMessageJson(toMessageJson(plain))).toEqual(toWireMessage(plain));
});

it('shows metadata as the object the client sent, and never the body hash', () => {
  expect(JSON.parse(toMessageJson(slot))).toMatchObject({ metadata: { a: [1, { $gt: '' }] } });
  expect(toMessageJson(slot)).not.toContain('bodyHash');
});

it('refuses a cache entry that is no message', () => {
  expect(() => fromMessageJson('{"messageId":"7"}')).toThrow('not a cached message');
  expect(() => fromMessageJson('nonsense')).toThrow(SyntaxError);
});
