import type { Role } from '@parlance/proto';
import { describe, expect, it } from 'vitest';
import { type RoomAction, requireHigherRank, requirePermission } from './room-permissions.js';

const roles: readonly Role[] = ['owner', 'admin', 'participant'];
const refusal = (act: () => void): string | undefined => {
  try {
    act();
    return undefined;
  } catch (thrown) {
    return String(thrown);
  }
};

describe('requirePermission', () => {
  it.each<[RoomAction, readonly Role[]]>([
    ['updateRoom', ['owner', 'admin']],
    ['addParticipants', ['owner', 'admin']],
    ['removeParticipant', ['owner', 'admin']],
    ['setRole', ['owner']],
  ])('allows %s to %s', (action, allowed) => {
    expect(roles.filter((role) => !refusal(() => requirePermission(action, role)))).toEqual(allowed);
  });

  it('says whose it is', () => {
    expect(refusal(() => requirePermission('updateRoom', 'participant'))).toContain('takes the role owner or admin.');
  });
});

describe('requireHigherRank', () => {
  it.each<[Role, readonly Role[]]>([
    ['owner', ['admin', 'participant']],
    ['admin', ['participant']],
    ['participant', []],
  ])('lets a(n) %s act on %s', (mine, below) => {
    expect(roles.filter((theirs) => !refusal(() => requireHigherRank(mine, theirs)))).toEqual(below);
  });

  it('says between whom it is not allowed', () => {
    expect(refusal(() => requireHigherRank('admin', 'owner'))).toContain(
      'The role admin may not do this to the role owner',
    );
  });
});
