import { z } from 'zod';
import { idPattern } from '../../ids.js';
import { limits } from '../../limits.js';
import { isPlainObject } from '../../messages/plain-json.js';
import { successOf } from './answer.js';
import { ErrorDetail } from './failure.js';
import { count, id, marks, position } from './fields.js';
import { Message } from './message.js';
import { RoomEvent } from './room-event.js';
import { typeNames } from './type-names.js';

const cursor = z.int().min(0);

/** Where a client is in one room. */
export const RoomCursor = z.strictObject({ id: cursor, rev: cursor, epoch: cursor.optional() });

/** All that was missed in a room, or the first part of it. */
export const MissedInRoom = z
  .object({
    messages: z.array(Message),
    events: z.array(RoomEvent),
    ...position,
    ...marks,
    hasMore: z
      .boolean()
      .describe(
        'More follows: resume again from the last message and event here, or from the same place when there is none',
      ),
  })
  .describe('All that was missed, or the first part of it');

/** Not all of it can be told. */
export const TruncatedRoom = z
  .object({ truncated: z.literal(true), firstAvailableId: count, ...position })
  .describe('Too much was missed: load the newest page');

/** The cursor is of another log. */
export const RestartedRoom = z
  .object({ wentBack: z.literal(true), ...position })
  .describe(
    'The cursor is of a log that is no more, as after a restored backup: what was had of the room is to be loaded anew',
  );

/** A room that cannot be read. */
export const UnreadableRoom = z
  .object({ error: ErrorDetail })
  .describe('This room cannot be read now, or is not yours');

/** What a client missed in one room. */
export const ResumedRoom = z
  .union([MissedInRoom, TruncatedRoom, RestartedRoom, UnreadableRoom])
  .describe(
    'What a client missed in one room: complete up to `hasMore`, or truncated, or begun anew, or not readable now',
  )
  .register(typeNames, { name: 'ResumedRoom' });

/** What a client missed. */
export const Resumed = z.object({ rooms: z.record(id, ResumedRoom) });

/** What was missed in each room. */
export const ResumedResponse = successOf(Resumed);

/** Per room the last message id the client has, or that, the last room event and the epoch of both. */
export const ResumePayload = z
  .strictObject({
    rooms: z.preprocess(
      withoutTrap,
      z.record(z.string().regex(idPattern, 'names must be room ids'), z.union([cursor, RoomCursor])),
    ),
  })
  .refine(({ rooms }) => Object.keys(rooms).length <= limits.rooms, {
    path: ['rooms'],
    message: `has more than ${limits.rooms} rooms`,
  })
  .transform(({ rooms }) => ({
    rooms: Object.entries(rooms).map(([roomId, place]) =>
      typeof place === 'number'
        ? { roomId, messageId: place, rev: 0, epoch: 0 }
        : { roomId, messageId: place.id, rev: place.rev, epoch: place.epoch ?? 0 },
    ),
  }));

/** zod leaves a key `__proto__` out without a word. It has the form of an id, and no room is called so. */
function withoutTrap(rooms: unknown, context: z.RefinementCtx): unknown {
  if (isPlainObject(rooms) && Object.hasOwn(rooms, '__proto__')) {
    context.addIssue({ code: 'custom', message: 'names must be room ids' });
  }
  return rooms;
}
