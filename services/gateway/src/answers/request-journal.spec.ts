import { ChatError } from '@parlance/proto';
import { createLogger } from '@parlance/runtime';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createGatewayMetrics } from '../metrics.js';
import { type JournalEntry, RequestJournal } from './request-journal.js';

const entry: JournalEntry = { event: 'typing', userId: 'ann', traceId: '', startedAt: 0 };
const performanceClock = { now: () => Date.now(), elapsedMs: () => performance.now() };
const refusal = new ChatError('RATE_LIMITED', { retryAfterMs: 100 });

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

it('writes one line a second of what may be retried, without the user and with the number of those before, and counts all', async () => {
  const metrics = createGatewayMetrics('test');
  const logger = createLogger({ name: 'gateway', level: 'silent' });
  const lines: object[] = [];
  const debugged: object[] = [];
  logger.warn = (fields: object) => void lines.push(fields);
  logger.debug = (fields: object) => void debugged.push(fields);
  const journal = new RequestJournal(metrics, logger, performanceClock);
  for (let index = 0; index < 700; index++) journal.failed(entry, refusal);
  vi.advanceTimersByTime(1_000);
  for (let index = 0; index < 3; index++) journal.failed(entry, refusal);
  for (let index = 0; index < 3; index++) journal.failed(entry, new ChatError('STORE_UNAVAILABLE'));
  expect(lines).toMatchObject([
    { code: 'RATE_LIMITED', event: 'typing' },
    { code: 'RATE_LIMITED', moreSinceLastLine: 699 },
    { code: 'STORE_UNAVAILABLE' },
  ]);
  expect(JSON.stringify(lines)).not.toContain('ann');
  expect(debugged).toHaveLength(706);
  expect(debugged[0]).toMatchObject({ code: 'RATE_LIMITED', userId: 'ann' });
  expect(await metrics.registry.metrics()).toContain('event="typing",code="RATE_LIMITED"} 703');
});

it('writes a line of every other refusal', () => {
  const logger = createLogger({ name: 'gateway', level: 'silent' });
  const lines: object[] = [];
  logger.info = (fields: object) => void lines.push(fields);
  const journal = new RequestJournal(createGatewayMetrics('test'), logger, performanceClock);
  for (let index = 0; index < 3; index++) journal.failed(entry, new ChatError('ROOM_NOT_FOUND'));
  expect(lines).toHaveLength(3);
});
