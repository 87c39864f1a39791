import { limits, type wire } from '@parlance/proto';
import { expect, it } from 'vitest';
import { checkBody, checkClientMessageId } from './send-request.js';

const request: wire.SendMessageRequest = {
  roomId: 'r',
  content: 'hi',
  messageType: '',
  clientMessageId: '',
  metadataJson: '',
};

it('takes an ordinary text', () => {
  expect(checkBody(request)).toEqual({ content: 'hi', messageType: 'text', metadataJson: '' });
});

it('counts content in bytes, not characters', () => {
  const ascii = 'a'.repeat(limits.contentBytes);
  expect(checkBody({ ...request, content: ascii }).content).toBe(ascii);
  expect(() => checkBody({ ...request, content: `${ascii}a` })).toThrow(/content is over 16384 bytes/);
  expect(() => checkBody({ ...request, content: '\u{1f600}'.repeat(limits.contentBytes / 4 + 1) })).toThrow(
    /over 16384/,
  );
});

it.each([
  ['an empty text', { content: '' }, /content is empty and there is no attachment/],
  ['an unknown type', { messageType: 'video' }, /messageType must be one of/],
  ['metadata that is not an object', { metadataJson: '[1]' }, /must be a JSON object/],
  ['metadata that is not JSON', { metadataJson: '{' }, /must be a JSON object/],
  [
    'metadata over 8 KiB',
    { metadataJson: JSON.stringify({ a: 'x'.repeat(limits.metadataBytes) }) },
    /metadata is over/,
  ],
  ['an image without attachments', { messageType: 'image' }, /attachments is needed for type image/],
  ['half a character in a text', { content: 'a\ud83d' }, /content is not well-formed/],
  [
    'half a character in metadata',
    { metadataJson: '{"a":["\\ud83d"]}' },
    /metadata holds text that is not well-formed/,
  ],
  ['half a character in a key', { metadataJson: '{"\\ud83d":1}' }, /metadata holds text that is not well-formed/],
  ['a number beyond 2^53', { metadataJson: '{"a":9007199254740993}' }, /metadata holds a number beyond/],
  ['a number beyond every double', { metadataJson: '{"a":1e400}' }, /metadata holds a number beyond/],
  [
    'metadata nested too deep',
    { metadataJson: `{"a":${'['.repeat(2_000)}${']'.repeat(2_000)}}` },
    /metadata is nested too deep/,
  ],
  ['attachments that are no list', { metadataJson: '{"attachments":"zzz"}' }, /metadata.attachments must be a list/],
])('refuses %s', (_name, change, text) => {
  expect(() => checkBody({ ...request, ...change })).toThrow(text);
});

it('stores metadata in one form, however its JSON was written', () => {
  const written = ' { "b" : [ 1.0, -0, 1e2, "\\u00e4" ], "a" : 1, "a" : { "__proto__" : 2 } } ';
  expect(checkBody({ ...request, metadataJson: written }).metadataJson).toBe('{"b":[1,0,100,"ä"],"a":{"__proto__":2}}');
});

it('refuses a client id with braces, control characters or too much of it', () => {
  for (const id of ['{a}', 'a\nb', 'a b', 'x'.repeat(129)])
    expect(() => checkClientMessageId(id)).toThrow(/must match/);
  expect(checkClientMessageId('a:b-c.d_1')).toBe('a:b-c.d_1');
});
