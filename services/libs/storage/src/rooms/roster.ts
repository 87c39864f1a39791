/** Who is in a room, and who owns it: part of the room's document, so that one write decides over all of it. */
export interface Roster {
  /** Current participants, in the order of joining. */
  readonly participants: readonly string[];
  /** The owner of a group, one of its participants; null in a 1v1, and in a group that everybody has left. */
  readonly ownerId: string | null;
  /** Those participants who are admins; never the owner. */
  readonly admins: readonly string[];
}

/** What a participant may be. */
export type RosterRole = 'owner' | 'admin' | 'participant';

/** Current participants with their roles, in the order of joining. */
export function rolesOf({ participants, ownerId, admins }: Roster): ReadonlyMap<string, RosterRole> {
  const isAdmin = new Set(admins);
  const roleOf = (userId: string): RosterRole => {
    if (userId === ownerId) return 'owner';
    return isAdmin.has(userId) ? 'admin' : 'participant';
  };
  return new Map(participants.map((userId) => [userId, roleOf(userId)]));
}

/** A group after users have come in, behind the others; who is in stays. Into an empty one the first comes as its owner. */
export function withEntered(roster: Roster, userIds: readonly string[]): Roster {
  return owned({ ...roster, participants: [...new Set([...roster.participants, ...userIds])] });
}

/** A group after somebody has gone; the owner's place goes to the {@link heirOf} the others. */
export function withoutParticipant(roster: Roster, userId: string): Roster {
  const without = (some: readonly string[]): string[] => some.filter((other) => other !== userId);
  return owned({ ...roster, participants: without(roster.participants), admins: without(roster.admins) });
}

/** A group after somebody else than the owner was made an admin, or a participant again. */
export function withRole(roster: Roster, userId: string, role: 'admin' | 'participant'): Roster {
  const others = roster.admins.filter((other) => other !== userId);
  return { ...roster, admins: role === 'admin' ? [...others, userId] : others };
}

/** A group with an owner, the named one if that one is in it, as long as anybody is. */
export function owned(roster: Roster): Roster {
  const { participants, ownerId } = roster;
  const owner = participants.find((userId) => userId === ownerId) ?? heirOf(roster);
  return { participants, ownerId: owner ?? null, admins: roster.admins.filter((admin) => admin !== owner) };
}

/** Who becomes the owner of a group that has none: the admin, else the participant, who joined first. */
export function heirOf({ participants, admins }: Pick<Roster, 'participants' | 'admins'>): string | undefined {
  return participants.find((userId) => admins.includes(userId)) ?? participants[0];
}

/** A row of `participants`, as far as it tells of the room's roster. */
export interface RosterRow {
  readonly userId: string;
  readonly role?: RosterRole;
  /** Unix milliseconds. */
  readonly joinedAt: number;
}

/**
 * The roster of a group whose document has none yet, from the rows of those who are in it: the build before this one kept
 * roles there. It is what they say and mends nothing: of two owners the first to join counts, and without one there is
 * none until the room changes or `jobs audit` has seen it.
 */
export function rosterOfRows(rows: readonly RosterRow[]): Roster {
  const inOrder = rows.toSorted(
    // Stryker disable next-line EqualityOperator: a user has one row in a room, so no two are equal.
    (left, right) => left.joinedAt - right.joinedAt || (left.userId < right.userId ? -1 : 1),
  );
  const ownerId = inOrder.find(({ role }) => role === 'owner')?.userId ?? null;
  return {
    participants: inOrder.map(({ userId }) => userId),
    ownerId,
    admins: inOrder.flatMap(({ userId, role }) =>
      userId !== ownerId && role !== undefined && role !== 'participant' ? [userId] : [],
    ),
  };
}
