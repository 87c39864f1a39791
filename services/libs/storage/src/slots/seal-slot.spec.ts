import { expect, it } from 'vitest';
import { endOfMonth, type MonthYear } from '../documents/month.js';
import { sealSlot } from './seal-slot.js';

const monthYear = '2026-03' as MonthYear;
const last = endOfMonth(monthYear) - 1;

it.each([
  ['lies at the last millisecond of its month', last - 5_000, last],
  ['is no earlier than the message before it, however late that is', last + 5_000, last + 5_000],
])('%s, where the next message would have gone', (_, timestamp, expected) => {
  const { _id, messageId, ...seal } = sealSlot({ roomId: 'r', monthYear, head: 4, timestamp });
  expect(Number(messageId)).toBe(5);
  expect(seal).toEqual({ kind: 'seal', monthYear, roomId: 'r', timestamp: new Date(expected) });
});
