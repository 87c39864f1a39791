import { firstAvailableId, type RoomDocument } from '@parlance/storage';
import type { JobContext } from '../job-context.js';
import { headsOf } from '../mongo/heads-of.js';
import { longRead, rowsOf } from '../mongo/rows-of.js';
import type { RetainedRoom } from './plan-retention.js';

/** Rooms whose heads are read together. */
const roomsAtATime = 500;

/** All rooms as retention looks at them. */
export async function* retainedRooms(context: JobContext): AsyncGenerator<RetainedRoom> {
  const { database, signal } = context;
  let batch: RoomDocument[] = [];
  const rooms = database.rooms.find({}, { ...longRead, projection: { participants: 0 } });
  for await (const room of rowsOf(rooms, signal)) {
    batch.push(room);
    if (batch.length < roomsAtATime) continue;
    yield* withHeads(batch, context);
    batch = [];
  }
  yield* withHeads(batch, context);
}

async function* withHeads(rooms: readonly RoomDocument[], context: JobContext): AsyncGenerator<RetainedRoom> {
  const heads = await headsOf(rooms, context);
  for (const room of rooms) {
    yield {
      roomId: room.roomId,
      policy: room.policy ?? {},
      segments: room.segments.map(({ monthYear, firstId }) => ({ monthYear, firstId: Number(firstId) })),
      head: heads.get(room.roomId) ?? 0,
      floor: firstAvailableId(room),
      erasedBelow: Number(room.erasedBelow ?? 1),
      cuts: (room.cuts ?? []).map(({ below, hiddenAt }) => ({ below: Number(below), hiddenAt: hiddenAt.getTime() })),
    };
  }
}
