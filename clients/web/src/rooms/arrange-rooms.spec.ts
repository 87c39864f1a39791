import type { RoomView } from '@parlance/client';
import { expect, it } from 'vitest';
import { arrangeRooms } from './arrange-rooms.js';
import { roomTitle } from './room-title.js';

const view = (roomId: string, lastMessageAt: number, participants: readonly string[], name?: string): RoomView =>
  ({
    room: {
      roomId,
      roomType: name === undefined && participants.length === 2 ? '1v1' : 'group',
      participants,
      participantCount: participants.length,
      lastMessageAt,
      metadata: name === undefined ? {} : { name },
    },
    pending: [],
  }) as unknown as RoomView;

const rooms = [
  view('a', 10, ['alice', 'bob']),
  view('b', 30, ['alice', 'carol', 'dan'], 'Design team'),
  view('c', 20, ['alice', 'erin', 'frank']),
];

const ids = (filter: string): string =>
  arrangeRooms(rooms, 'alice', filter)
    .map(({ room }) => room.roomId)
    .join('');

it('puts the room with the last activity first', () => {
  expect(ids('')).toBe('bca');
});

it('finds rooms by title and by participant, every word of it', () => {
  expect(ids('design')).toBe('b');
  expect(ids('BOB')).toBe('a');
  expect(ids('team dan')).toBe('b');
  expect(ids('team bob')).toBe('');
});

it('calls a room by its name, its other user, or its people', () => {
  const titles = rooms.map(({ room }) => roomTitle(room, 'alice'));
  expect(titles).toEqual(['Bob', 'Design team', 'Erin, Frank']);
  const [many, alone] = [view('d', 0, ['alice', 'b', 'c', 'd', 'e']), view('e', 0, ['alice'])];
  expect([many, alone].map(({ room }) => roomTitle(room, 'alice'))).toEqual(['B, C, D +1', 'Just you']);
});
