import { idPattern, isPlainObject, limits } from '@parlance/proto';
import { z } from 'zod';

const position = z.int().min(0);

/** Where a client is in one room. */
export const roomCursorDto = z.strictObject({ id: position, rev: position, epoch: position.optional() });

/** zod leaves a key `__proto__` out without a word. It has the form of an id, and no room is called so. */
function withoutTrap(rooms: unknown, context: z.RefinementCtx): unknown {
  if (isPlainObject(rooms) && Object.hasOwn(rooms, '__proto__')) {
    context.addIssue({ code: 'custom', message: 'names must be room ids' });
  }
  return rooms;
}

/** Payload of `resume`: per room the last message id the client has, or that, the last room event and the epoch of both. */
export const resumeDto = z
  .strictObject({
    rooms: z.preprocess(
      withoutTrap,
      z.record(z.string().regex(idPattern, 'names must be room ids'), z.union([position, roomCursorDto])),
    ),
  })
  .refine(({ rooms }) => Object.keys(rooms).length <= limits.rooms, {
    path: ['rooms'],
    message: `has more than ${limits.rooms} rooms`,
  })
  .transform(({ rooms }) => ({
    rooms: Object.entries(rooms).map(([roomId, cursor]) =>
      typeof cursor === 'number'
        ? { roomId, messageId: cursor, rev: 0, epoch: 0 }
        : { roomId, messageId: cursor.id, rev: cursor.rev, epoch: cursor.epoch ?? 0 },
    ),
  }));

/** A valid {@link resumeDto}. */
export type ResumeDto = z.output<typeof resumeDto>;
