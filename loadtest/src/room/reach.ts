import type { RoomMember } from './room-member.ts';

/** Waits until the member has seen the room's head at `head`, or nothing has come for `quietMs`, or it is cut off. */
export async function reach(member: RoomMember, head: number, patience: ReachPatience): Promise<void> {
  const since = patience.now();
  while (member.isPresent && member.checker.highest < head) {
    if (patience.now() - Math.max(since, member.lastArrival) > patience.quietMs) return;
    await patience.sleep(100);
  }
}

/** How long and by which clock. */
export interface ReachPatience {
  readonly quietMs: number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}
