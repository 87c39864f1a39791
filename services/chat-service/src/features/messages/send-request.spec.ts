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
  ['attachments that are no list', { metadataJson: '{"attachments":"zzz"}' }, /metadata.attachments must be a list/],
])('refuses %s', (_name, change, text) => {
  expect(() => checkBody({ ...request, ...change })).toThrow(text);
});

it('refuses a client id with braces, control characters or too much of it', () => {
  for (const id of ['{a}', 'a\nb', 'a b', 'x'.repeat(129)])
    expect(() => checkClientMessageId(id)).toThrow(/must match/);
  expect(checkClientMessageId('a:b-c.d_1')).toBe('a:b-c.d_1');
});
