import { isId, type UserId } from '@parlance/proto';
import { expect, it } from 'vitest';
import { directRoomId } from './direct-room-id.js';

const id = (left: string, right: string): string => directRoomId(left as UserId, right as UserId);

it('is one id for a pair, whoever asks', () => {
  expect(id('ann', 'bob')).toBe(id('bob', 'ann'));
  expect(isId(id('ann', 'bob'))).toBe(true);
});

it('keeps pairs apart whose names run together', () => {
  expect(id('ab', 'c')).not.toBe(id('a', 'bc'));
  expect(id('1', '11')).not.toBe(id('11', '11'));
});
