import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '@parlance/runtime';
import { changeRoom, logRoomEvents, majority, type RoomDocument } from '@parlance/storage';
import { Long } from 'mongodb';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';

/** Who an erasure says has made it; no user has this id by having a token, unless one gives it out. */
const eraser = 'parlance:erasure';

/** Changes that others may make meanwhile before it gives up. */
const attempts = 50;

/**
 * Notes in a room that all messages of somebody up to an id are erased: in the room's document, which every reader looks at,
 * and as a room event, by which clients learn of it. Decided anew when the room changes meanwhile. Answers `held` when a hold
 * is on the room by then.
 * @throws JobFailed; what the driver throws.
 */
export async function noteErasure(
  { roomId, userId, upTo }: { readonly roomId: string; readonly userId: string; readonly upTo: number },
  { database, now, signal }: JobContext,
): Promise<'noted' | 'held'> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await delay(backoffMs(attempt, { firstMs: 20, capMs: 500 }), undefined, { signal });
    const room = await database.rooms.findOne({ roomId }, majority());
    if (!room) return 'noted';
    if (room.policy?.legalHold) return 'held';
    const at = new Date(await now());
    const erasures = [
      ...(room.erasures ?? []).filter((each) => each.userId !== userId),
      { userId, upTo: Long.fromNumber(upTo), at },
    ];
    const event = { kind: 'erased', by: eraser, userId, upTo: Long.fromNumber(upTo), at } as const;
    if (!(await changeRoom(database, versionOf(room), { erasures, events: [event] }))) continue;
    const after = await database.rooms.findOne({ roomId }, { ...majority(), projection: { unlogged: 1 } });
    await logRoomEvents(database, roomId, after?.unlogged ?? []);
    return 'noted';
  }
  throw new JobFailed(`the room ${roomId} is changed too often`);
}

function versionOf({ roomId, memberRev, rev }: RoomDocument) {
  return { roomId, memberRev: Number(memberRev), rev: Number(rev) };
}
