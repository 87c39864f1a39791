import { describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '../outbox-entry.js';
import { byteLength, eventSize } from './event-size.js';
import { refusalOfEvent, refusalOfMessage, type ServerLimits } from './size-refusal.js';

const limits = { contentBytes: 9, metadataBytes: 12, eventBytes: 1_000 } as ServerLimits;

describe('a message', () => {
  it.each<[string, Partial<OutgoingMessage>, string | undefined]>([
    ['whose content just fits', { content: 'a'.repeat(9) }, undefined],
    ['whose content just fits in letters of three bytes', { content: '漢漢漢' }, undefined],
    ['whose content is a byte too long', { content: 'a'.repeat(10) }, 'content is over 9 bytes'],
    ['with few letters of many bytes', { content: '漢漢漢漢' }, 'content is over 9 bytes'],
    ['whose metadata just fits', { metadata: { name: 'a' } }, undefined],
    ['whose metadata is a byte too long', { metadata: { name: 'ab' } }, 'metadata is over 12 bytes'],
    ['whose event is too long', { clientMessageId: 'c'.repeat(1_000) }, 'the event sendMessage is over 1000 bytes'],
  ])('%s', (_title, more, why) => {
    const refusal = refusalOfMessage({ ...message, ...more }, limits);
    expect(refusal?.message).toBe(why);
  });

  it('that is too large was not sent, and never can be', () => {
    const refusal = refusalOfMessage({ ...message, content: 'a'.repeat(10) }, limits);
    expect(refusal).toMatchObject({ code: 'MESSAGE_TOO_LARGE', retryable: false, outcome: 'rejected' });
  });
});

describe('an event', () => {
  it('is counted with what goes around it on the line, in bytes', () => {
    expect(eventSize('x', null)).toBe('42/chat,'.length + 16 + '["x",null]'.length);
    expect(eventSize('x', '漢')).toBe('42/chat,'.length + 16 + '["x","..."]'.length);
    expect(byteLength('\ud800')).toBe(3);
  });

  it('is refused from the first byte over the limit', () => {
    const eventBytes = eventSize('typing', { roomId: 'r' });
    expect(refusalOfEvent('typing', { roomId: 'r' }, { ...limits, eventBytes })).toBeUndefined();
    expect(refusalOfEvent('typing', { roomId: 'rr' }, { ...limits, eventBytes })?.code).toBe('MESSAGE_TOO_LARGE');
  });
});

const message: OutgoingMessage = {
  roomId: 'r',
  content: 'hi',
  messageType: 'text',
  clientMessageId: 'c',
  createdAt: 0,
};
