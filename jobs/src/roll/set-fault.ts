/** What one member of a replica set says of itself and the others. */
export interface PresentMember {
  readonly member: string;
  /** As MongoDB names it: `PRIMARY`, `SECONDARY`, `STARTUP2`, ... */
  readonly state: string;
  /** Time of the last operation that it has applied, as the 64 bits of a BSON timestamp. */
  readonly appliedAt: bigint;
  /** State of each member as this one sees it, by `host:port`. */
  readonly others: ReadonlyMap<string, string>;
}

/** A member that answers, or why it does not. */
export type MemberSight = PresentMember | { readonly member: string; readonly away: string };

const serving: ReadonlySet<string> = new Set(['PRIMARY', 'SECONDARY']);

/**
 * Why a replica set is not whole, or undefined: each member answers and is primary or secondary, also in the eyes of the primary, of
 * which there is one, and each has applied what was written up to `since`. Pure.
 */
export function setFault(members: readonly MemberSight[], since = 0n): string | undefined {
  for (const sight of members) {
    if ('away' in sight) return `${sight.member} does not answer: ${sight.away}`;
    if (!serving.has(sight.state)) return `${sight.member} is ${sight.state}`;
  }
  const present = members.filter((sight): sight is PresentMember => !('away' in sight));
  const primaries = present.filter(({ state }) => state === 'PRIMARY');
  const [primary] = primaries;
  if (!primary) return 'there is no primary';
  if (primaries.length > 1) return `${primaries.map(({ member }) => member).join(' and ')} are both primary`;
  for (const { member } of members) {
    const seen = primary.others.get(member);
    if (seen === undefined || !serving.has(seen)) return `the primary sees ${member} as ${seen ?? 'nobody of its set'}`;
  }
  const behind = present.find(({ appliedAt }) => appliedAt < since);
  return behind && `${behind.member} has yet to apply what the others have`;
}

/** The member that says it is primary. Pure. */
export function primaryOf(members: readonly MemberSight[]): string | undefined {
  return members.find((sight) => 'state' in sight && sight.state === 'PRIMARY')?.member;
}

/** What the furthest member has applied. Pure. */
export function newestApplied(members: readonly MemberSight[]): bigint {
  return members.reduce((most, sight) => ('appliedAt' in sight && sight.appliedAt > most ? sight.appliedAt : most), 0n);
}
