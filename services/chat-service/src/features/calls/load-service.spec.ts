import { describe, expect, it } from 'vitest';
import { loadService } from './load-service.js';

const { requestDeserialize, requestSerialize } = sendMessageMethod();

/** A SendMessageRequest whose content is these bytes, as any program could put it on the wire. */
function requestOf(content: Uint8Array): Buffer {
  const length = content.length;
  return Buffer.concat([Buffer.from([0x12, (length & 0x7f) | 0x80, length >> 7]), content]);
}

describe('the service as it is read from the wire', () => {
  it.each<[string, string]>([
    ['nothing', ''],
    ['a short text', 'hello'],
    ['a long text of every kind', `${'ä\u{1f600}漢'.repeat(100)}\u0000\ufeff\ufffd`],
  ])('reads %s as it was sent', (_what, content) => {
    const bytes = requestOf(Buffer.from(content));
    expect(requestDeserialize(bytes)).toMatchObject({ content });
    expect(requestDeserialize(requestSerialize({ content }))).toMatchObject({ content, roomId: '', metadataJson: '' });
  });

  it.each<[string, Buffer]>([
    ['a byte that begins nothing', Buffer.from([0x61, 0xff])],
    ['half a character', Buffer.from([0xf0, 0x9f, 0x98])],
    ['an encoded surrogate', Buffer.from([0xed, 0xa0, 0xbd])],
    ['an overlong encoding', Buffer.from([0xc0, 0x80])],
    ['half a character after a long text', Buffer.from([...Buffer.alloc(500, 0x61), 0xf0, 0x9f, 0x98])],
  ])('does not mend %s', (_what, content) => {
    const { content: read } = requestDeserialize(requestOf(content)) as { content: string };
    expect(read.isWellFormed()).toBe(false);
  });

  it('reads what other programs write of half a character so that it can be refused', () => {
    for (const content of ['\ud83d', `${'x'.repeat(100)}\ud83d`]) {
      const { content: read } = requestDeserialize(requestSerialize({ content })) as { content: string };
      // protobufjs itself writes U+FFFD in place of it in a long text: what it meant is gone before it leaves.
      expect(read.isWellFormed()).toBe(content.length > 1);
    }
  });
});

function sendMessageMethod() {
  const method = loadService()['chat.v1.ChatService']?.['SendMessage' as never] as unknown;
  return method as {
    requestDeserialize(bytes: Buffer): object;
    requestSerialize(request: object): Buffer;
  };
}
