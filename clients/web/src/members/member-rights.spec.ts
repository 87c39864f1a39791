import { expect, it } from 'vitest';
import { canRemove, memberRights } from './member-rights.js';

it('lets an owner do everything, an admin all but roles, a participant only leave', () => {
  const all = { canRename: true, canAdd: true, canSetRoles: true, canLeave: true };
  expect(memberRights({ roomType: 'group', role: 'owner' })).toEqual(all);
  expect(memberRights({ roomType: 'group', role: 'admin' })).toEqual({ ...all, canSetRoles: false });
  expect(memberRights({ roomType: 'group', role: 'participant' })).toEqual({
    canRename: false,
    canAdd: false,
    canSetRoles: false,
    canLeave: true,
  });
});

it('offers nothing in a 1v1', () => {
  expect(Object.values(memberRights({ roomType: '1v1', role: 'participant' }))).toEqual([false, false, false, false]);
  expect(canRemove({ roomType: '1v1', role: 'participant' }, 'participant')).toBe(false);
});

it('removes nobody of the same rank or above', () => {
  expect(canRemove({ roomType: 'group', role: 'owner' }, 'admin')).toBe(true);
  expect(canRemove({ roomType: 'group', role: 'owner' }, 'owner')).toBe(false);
  expect(canRemove({ roomType: 'group', role: 'admin' }, 'admin')).toBe(false);
  expect(canRemove({ roomType: 'group', role: 'admin' }, 'participant')).toBe(true);
  expect(canRemove({ roomType: 'group', role: 'participant' }, 'participant')).toBe(false);
});
