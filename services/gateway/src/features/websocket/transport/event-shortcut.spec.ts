import { limits } from '@parlance/proto';
import { Decoder } from 'socket.io-parser';
import { describe, expect, it } from 'vitest';
import { readEvent } from './event-shortcut.js';

describe('readEvent', () => {
  it.each([
    '42/chat,7["sendMessage",{"roomId":"r","content":"ä\\n[1]"}]',
    '42/chat,["typing"]',
    '42/chat,0["a",1,[2],null]',
    '42/chat,99999999999999999999["a",{}]',
  ])('reads %s as Socket.IO does', (text) => {
    const { data, id } = decoded(text.slice(1));
    expect(readEvent(Buffer.from(text))).toEqual({ data, ...(id === undefined ? {} : { id }) });
  });

  it.each([
    '2',
    '3probe',
    '40/chat,{"token":"t"}',
    '41/chat,',
    '42["a",{}]',
    '42/other,1["a",{}]',
    '43/chat,1[{}]',
    '451-/chat,1["a",{"_placeholder":true,"num":0}]',
    '42/chat,',
    '42/chat,1',
    '42/chat,1{"a":1}',
    '42/chat,1["a"',
    '42/chat,-1["a",{}]',
    '42/chat,1e3["a",{}]',
    '42/chat,1[]',
    '42/chat,1[7,{}]',
    '42/chat,1["disconnect",{}]',
    '42/chat,1["newListener",{}]',
  ])('leaves %s to the layers', (text) => {
    expect(readEvent(Buffer.from(text))).toBeUndefined();
  });

  it('notes what is over the limit of an event, and no less', () => {
    const event = (bytes: number) => `42/chat,1["a","${'x'.repeat(bytes - '2/chat,1["a",""]'.length)}"]`;
    expect(readEvent(Buffer.from(event(limits.eventBytes)))?.isTooLarge).toBeUndefined();
    expect(readEvent(Buffer.from(event(limits.eventBytes + 1)))?.isTooLarge).toBe(true);
  });
});

function decoded(text: string): { data?: unknown; id?: number } {
  const decoder = new Decoder();
  let packet = {};
  decoder.on('decoded', (each: object) => void (packet = each));
  decoder.add(text);
  return packet;
}
