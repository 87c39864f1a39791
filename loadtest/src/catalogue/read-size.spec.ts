import { expect, test } from 'vitest';
import { readSize } from './read-size.ts';

const variables = {
  SOCKETS: { kind: 'whole number', value: '50', meaning: '' },
  RATE: { kind: 'number', value: '4', meaning: '' },
  DURATION: { kind: 'duration', value: '2m', meaning: '' },
  ACK_P99_MS: { kind: 'number', value: '', meaning: '' },
} as const;

test('what is not given has its default, and 0 without one', () => {
  expect(readSize(variables, { RATE: '' })).toEqual({ SOCKETS: 50, RATE: 4, DURATION: 120, ACK_P99_MS: 0 });
});

test('what is given counts, a duration in seconds', () => {
  const env = { SOCKETS: '7', RATE: '0.5', DURATION: '3s', ACK_P99_MS: '80' };
  expect(readSize(variables, env)).toEqual({ SOCKETS: 7, RATE: 0.5, DURATION: 3, ACK_P99_MS: 80 });
});

test.each([
  [{ SOCKETS: '1.5' }, 'SOCKETS is a whole number'],
  [{ SOCKETS: '-1' }, 'SOCKETS has to be a number above 0'],
  [{ RATE: 'many' }, 'RATE has to be a number above 0'],
  [{ DURATION: '2h' }, 'DURATION has to be a number above 0'],
])('%j is refused by name', (env, fault) => {
  expect(() => readSize(variables, env)).toThrow(fault);
});
