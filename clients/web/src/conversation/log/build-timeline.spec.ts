import type { PendingMessage } from '@parlance/client';
import type { ChatMessage } from '@parlance/proto';
import { expect, it } from 'vitest';
import { buildTimeline, type TimelineItem } from './build-timeline.js';

const noon = new Date(2025, 4, 15, 12, 0).getTime();
const minute = 60_000;

const message = (messageId: number, senderId: string, timestamp: number): ChatMessage =>
  ({ messageId, senderId, timestamp, clientMessageId: `c${messageId}`, content: `#${messageId}` }) as ChatMessage;

const pending = (clientMessageId: string, createdAt: number): PendingMessage =>
  ({ clientMessageId, createdAt, content: clientMessageId, state: 'sending' }) as PendingMessage;

const timeline = (messages: readonly ChatMessage[], more: Partial<Parameters<typeof buildTimeline>[0]> = {}) =>
  buildTimeline({ messages, pending: [], ownId: 'alice', unreadAfter: undefined, ...more });

const shape = (items: readonly TimelineItem[]): string =>
  items
    .map((item) => {
      if (item.kind === 'day' || item.kind === 'unread') return item.kind;
      if (item.kind === 'system') return `-${item.message.content}-`;
      return `${item.isFirst ? '(' : ''}${item.message.content}${item.isLast ? ')' : ''}`;
    })
    .join(' ');

it('groups what one sender says within five minutes', () => {
  const said = [
    message(1, 'bob', noon),
    message(2, 'bob', noon + minute),
    message(3, 'alice', noon + 2 * minute),
    message(4, 'bob', noon + 3 * minute),
    message(5, 'bob', noon + 9 * minute),
  ];
  expect(shape(timeline(said))).toBe('day (#1 #2) (#3) (#4) (#5)');
});

it('heads every day once and ends groups at midnight', () => {
  const midnight = new Date(2025, 4, 16).getTime();
  const said = [
    message(1, 'bob', midnight - minute),
    message(2, 'bob', midnight),
    message(3, 'bob', midnight + minute),
  ];
  expect(shape(timeline(said))).toBe('day (#1) day (#2 #3)');
});

it('draws the divider above the first unread message of somebody else', () => {
  const said = [
    message(1, 'bob', noon),
    message(2, 'alice', noon),
    message(3, 'bob', noon),
    message(4, 'bob', noon + minute),
  ];
  expect(shape(timeline(said, { unreadAfter: 1 }))).toBe('day (#1) (#2) unread (#3 #4)');
  expect(shape(timeline(said, { unreadAfter: 4 }))).toBe('day (#1) (#2) (#3 #4)');
  expect(shape(timeline(said, { unreadAfter: 0 }))).toBe('day unread (#1) (#2) (#3 #4)');
});

it('lets a system message stand alone, between groups, unread as any other', () => {
  const system = (messageId: number, at: number): ChatMessage => ({
    ...message(messageId, 'system:crm', at),
    messageType: 'system',
  });
  const said = [
    message(1, 'bob', noon),
    system(2, noon + minute),
    system(3, noon + minute),
    message(4, 'bob', noon + 2 * minute),
  ];
  expect(shape(timeline(said))).toBe('day (#1) -#2- -#3- (#4)');
  expect(shape(timeline(said, { unreadAfter: 1 }))).toBe('day (#1) unread -#2- -#3- (#4)');
});

it('draws no divider while the first unread message is not loaded', () => {
  const said = [message(8, 'bob', noon), message(9, 'bob', noon)];
  expect(shape(timeline(said, { unreadAfter: 6 }))).toBe('day (#8 #9)');
  expect(shape(timeline(said, { unreadAfter: 7 }))).toBe('day unread (#8 #9)');
});

it('puts what is on its way last, in the group of the own messages', () => {
  const said = [message(1, 'bob', noon), message(2, 'alice', noon + minute)];
  const items = timeline(said, { pending: [pending('p', noon + 2 * minute)] });
  expect(shape(items)).toBe('day (#1) (#2 p)');
});

it('opens no older day for a clock that is behind', () => {
  const items = timeline([message(1, 'bob', noon)], { pending: [pending('p', noon - 48 * 60 * minute)] });
  expect(shape(items)).toBe('day (#1) (p)');
});

it('keeps the key of a message when it is stored', () => {
  const before = timeline([], { pending: [pending('c1', noon)] }).at(-1);
  const after = timeline([message(1, 'alice', noon)]).at(-1);
  expect(after?.key).toBe(before?.key);
});

it('is empty for an empty room', () => {
  expect(timeline([])).toEqual([]);
});
