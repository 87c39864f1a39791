import { z } from 'zod';
import { id, millis, numberOfMessage } from './fields.js';
import { HistoryVisibility, JoinRule, Role, RoomMetadata } from './room.js';
import { typeNames } from './type-names.js';

const change = { rev: z.int().min(1), by: id.describe('Who did it'), timestamp: millis };

/** Kinds of event that give somebody a role. */
export const RoleEventKind = z.enum(['joined', 'role']);

/** Somebody has a role from now on. */
export const RoleEvent = z.object({ kind: RoleEventKind, ...change, userId: id, role: Role });

/** Somebody is in the room no longer. */
export const LeftEvent = z.object({ kind: z.literal('left'), ...change, userId: id });

/** Messages were erased. */
export const ErasedEvent = z
  .object({ kind: z.literal('erased'), ...change, userId: id, upToId: numberOfMessage })
  .describe('All messages of this user up to this id are erased');

/** A room shows something else of itself, or has other rules. */
export const UpdatedEvent = z.object({
  kind: z.literal('updated'),
  ...change,
  metadata: RoomMetadata,
  joinRule: JoinRule,
  historyVisibility: HistoryVisibility,
});

/** A change of a room. */
export const RoomEvent = z
  .discriminatedUnion('kind', [RoleEvent, LeftEvent, ErasedEvent, UpdatedEvent])
  .describe(
    'A change of a room that is not a message. They are counted by `rev`: 1, 2, 3, ... without gaps in each room',
  )
  .register(typeNames, { name: 'RoomEvent' });
