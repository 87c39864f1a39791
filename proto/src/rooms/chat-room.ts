import type { RoomMetadata } from '../operations/gen/client-types.js';

/** All room types. */
export const roomTypes = ['1v1', 'group'] as const;

/** All join rules, the default first. */
export const joinRules = ['invite', 'open'] as const;

/** All visibilities, the default first. */
export const historyVisibilities = ['shared', 'joined'] as const;

/** All roles. */
export const roles = ['owner', 'admin', 'participant'] as const;

/** The first field of a new room that a `1v1` cannot have, since nobody administers it; undefined when there is none. Pure. */
export function fieldOfGroupsOnly({
  metadata = {},
  joinRule,
  historyVisibility,
}: {
  readonly metadata?: RoomMetadata | undefined;
  readonly joinRule: string;
  readonly historyVisibility: string;
}): string | undefined {
  if (Object.values(metadata).some((text) => text !== '')) return 'metadata';
  if (joinRule !== joinRules[0]) return 'joinRule';
  return historyVisibility === historyVisibilities[0] ? undefined : 'historyVisibility';
}
