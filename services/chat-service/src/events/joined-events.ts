import { type EventEnvelope, limits, type RoomJoined } from '@parlance/proto';

/**
 * The events that tell of one change by which people became participants: one for all of them, however many they are.
 * Where somebody else's room event took a number in between, one for each unbroken run of numbers, so that a client that
 * knows all up to the first number of an event may count all of it as applied. Pure; `at` in Unix milliseconds.
 */
export function joinedEvents({ users, ...place }: Joining, at: number): readonly EventEnvelope[] {
  const { roomId, head, memberRev, epoch, traceId } = place;
  return unbrokenRuns(users).map((run) => {
    const rev = run.at(-1)?.rev ?? 0;
    const userIds = run.map(({ userId }) => userId);
    const joined: RoomJoined = { roomId, userIds: named(userIds), userCount: run.length, rev, timestamp: at };
    return {
      v: 1,
      type: 'chat:room:joined',
      roomId,
      head,
      rev,
      memberRev,
      epoch,
      userIds,
      trace: traceId,
      at,
      payload: JSON.stringify(joined),
    };
  });
}

/** People who became participants by one change of a room. */
export interface Joining {
  readonly roomId: string;
  /** Each with the room event that tells of it, ascending; all 0 when the room was created. */
  readonly users: readonly { readonly userId: string; readonly rev: number }[];
  readonly head: number;
  readonly memberRev: number;
  readonly epoch: number;
  readonly traceId: string;
}

function unbrokenRuns(users: Joining['users']): readonly Joining['users'][] {
  const runs: (typeof users)[number][][] = [];
  for (const user of users) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run && last && user.rev - last.rev <= 1) run.push(user);
    else runs.push([user]);
  }
  return runs;
}

/** As many of the ids as fit into the bytes of a `roomJoined`; ids are ASCII, so characters are bytes. */
function named(userIds: readonly string[]): readonly string[] {
  let bytes = 2;
  const end = userIds.findIndex((userId) => {
    bytes += userId.length + 3;
    return bytes > limits.joinedBytes;
  });
  return end < 0 ? userIds : userIds.slice(0, end);
}
