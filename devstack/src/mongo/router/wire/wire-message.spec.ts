import { BSON, type Document } from 'mongodb';
import { expect, test } from 'vitest';
import { Frames } from './frames.js';
import { newRequest, oneOfManyReplies, parseRequest, renamedRequest, replyBody, replyTo } from './wire-message.js';

const documents = Buffer.concat([
  Buffer.from('\x01'),
  int32(4 + 10 + 12),
  Buffer.from('documents\0'),
  BSON.serialize({ a: 1 }),
]);
const body = (bytes: Buffer): Document => BSON.deserialize(bytes);

test('a command goes on under another name, with all else as it was', () => {
  const request = parseRequest(opMsg(0, { insert: 'notes', ordered: true, $db: 'test' }, documents));
  const renamed = renamedRequest(request, 'clusterInsert', { comment: 'mine' });
  expect(renamed.readInt32LE(0)).toBe(renamed.length);
  const again = parseRequest(renamed);
  expect(body(again.body)).toEqual({ clusterInsert: 'notes', ordered: true, $db: 'test', comment: 'mine' });
  expect(Object.keys(body(again.body))[0]).toBe('clusterInsert');
  expect(again.sequences).toEqual([documents]);
  expect(again.requestId).toBe(7);
});

test('a checksum is dropped, and a client that wants no answer is known', () => {
  const message = Buffer.concat([opMsg(0b11, { ping: 1 }), int32(0)]);
  message.writeInt32LE(message.length, 0);
  const request = parseRequest(message);
  expect(body(request.body)).toEqual({ ping: 1 });
  expect(request.unanswered).toBe(true);
});

test('a client is answered in the form it asks in', () => {
  const request = parseRequest(opMsg(0, { ping: 1 }));
  const reply = replyTo(request, { ok: 1 });
  expect([reply.readInt32LE(8), reply.readInt32LE(12)]).toEqual([7, 2013]);
  expect(body(replyBody(reply))).toEqual({ ok: 1 });
  const legacy = parseRequest(opQuery({ ismaster: 1 }));
  expect(body(legacy.body)).toEqual({ ismaster: 1 });
  const old = replyTo(legacy, { ok: 1 });
  expect([old.readInt32LE(8), old.readInt32LE(12), old.readInt32LE(32)]).toEqual([9, 1, 1]);
  expect(body(old.subarray(36))).toEqual({ ok: 1 });
});

test('a monitor takes any number of answers, each after the one before', () => {
  expect(parseRequest(opMsg(1 << 16, { hello: 1 })).takesMore).toBe(true);
  expect(parseRequest(opMsg(0, { hello: 1 })).takesMore).toBe(false);
  const first = oneOfManyReplies(7, { ok: 1 });
  const second = oneOfManyReplies(first.id, { ok: 1 });
  expect([first, second].map(({ reply }) => [reply.readInt32LE(8), reply.readInt32LE(16)])).toEqual([
    [7, 2],
    [first.id, 2],
  ]);
});

test('messages are cut out of any pieces', () => {
  const stream = Buffer.concat([newRequest({ ping: 1 }), newRequest({ hello: 1, text: 'x'.repeat(300) })]);
  for (const size of [1, 3, 16, 50, stream.length]) {
    const frames = new Frames();
    const found: Buffer[] = [];
    for (let at = 0; at < stream.length; at += size) found.push(...frames.push(stream.subarray(at, at + size)));
    expect(found.map((each) => Object.keys(body(parseRequest(each).body))[0])).toEqual(['ping', 'hello']);
  }
});

test('a length that cannot be is refused', () => {
  expect(() => new Frames().push(int32(8))).toThrow('cannot be 8 bytes');
  expect(() => new Frames().push(Buffer.from('GET / HTTP/1.1'))).toThrow('bytes long');
});

function opMsg(flags: number, command: Document, ...sections: readonly Buffer[]): Buffer {
  return framed(7, 2013, [int32(flags), Buffer.of(0), BSON.serialize(command), ...sections]);
}

function opQuery(command: Document): Buffer {
  return framed(9, 2004, [int32(0), Buffer.from('admin.$cmd\0'), int32(0), int32(-1), BSON.serialize(command)]);
}

function framed(requestId: number, opcode: number, parts: readonly Uint8Array[]): Buffer {
  const message = Buffer.concat([int32(0), int32(requestId), int32(0), int32(opcode), ...parts]);
  message.writeInt32LE(message.length, 0);
  return message;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}
