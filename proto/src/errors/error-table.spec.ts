import { readFileSync } from 'node:fs';
import { status } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { ErrorReason as WireReason } from '../gen/chat/v1/error.js';
import { fromCallError, toCallError } from './call-error.js';
import { ChatError, toChatError } from './chat-error.js';
import { errorReasons, fromWireReason, toWireReason } from './error-reason.js';
import { errorTable } from './error-table.js';

it('has a row for every reason of the wire, and no other', () => {
  const onTheWire = Object.values(WireReason).filter((name) => name !== WireReason.ERROR_REASON_UNSPECIFIED);
  expect(errorReasons.map(toWireReason)).toEqual(onTheWire);
  expect(Object.keys(errorTable)).toEqual([...errorReasons]);
});

it('stands in docs/errors.md as it is', () => {
  const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()));
  expect(cells).toEqual(
    errorReasons.map((reason) => {
      const { grpcStatus, httpStatus, retryable, outcome } = errorTable[reason];
      const settled = outcome === 'rejected' ? 'rejected' : 'unknown once issued';
      return ['', `\`${reason}\``, status[grpcStatus], String(httpStatus), retryable ? 'yes' : 'no', settled, ''];
    }),
  );
  for (const reason of errorReasons) expect(page).toContain(`- \`${reason}\`: *${errorTable[reason].text}* `);
});

it('comes back from the wire as it went', () => {
  for (const reason of errorReasons) {
    const error = new ChatError(reason, { message: errorTable[reason].text, outcome: 'unknown', retryAfterMs: 250 });
    expect(fromCallError(toCallError(error))).toEqual(error);
  }
  expect(fromWireReason('ERROR_REASON_FROM_THE_FUTURE')).toBe('INTERNAL');
});

it('keeps `unknown` only where the table allows it', () => {
  expect(new ChatError('ROOM_NOT_FOUND', { outcome: 'unknown' }).outcome).toBe('rejected');
  expect(new ChatError('STORE_UNAVAILABLE', { outcome: 'unknown' }).outcome).toBe('unknown');
});

it('says nothing of an unexpected error but its fixed text', () => {
  const error = toChatError(new Error('password=hunter2'));
  expect(toCallError(error)).toMatchObject({ message: errorTable.INTERNAL.text });
});
