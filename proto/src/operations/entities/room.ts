import { z } from 'zod';
import { limits } from '../../limits.js';
import { historyVisibilities, joinRules, roles, roomTypes } from '../../rooms/chat-room.js';
import { pageOf, successOf } from './answer.js';
import { count, id, marks, millis, position, wellFormedText } from './fields.js';
import { typeNames } from './type-names.js';

/** Type of a room. */
export const RoomType = z
  .enum(roomTypes)
  .describe('`1v1` rooms are found by their pair of users and cannot be left')
  .register(typeNames, { name: 'RoomType' });

/** Who may join a room. */
export const JoinRule = z
  .enum(joinRules)
  .describe('Who may join: those who are added, or anyone who knows the id')
  .register(typeNames, { name: 'JoinRule' });

/** What a newcomer to a room sees. */
export const HistoryVisibility = z
  .enum(historyVisibilities)
  .describe('What a newcomer sees: everything, or what follows the joining')
  .register(typeNames, { name: 'HistoryVisibility' });

/** What a participant may do. */
export const Role = z
  .enum(roles)
  .describe('What a participant may do; the table is in docs/protocol.md')
  .register(typeNames, { name: 'Role' });

/** What somebody can be made. There is one owner, who is not made by this. */
export const AssignableRole = z.enum(['admin', 'participant']);

/** What a group shows of itself. */
export const RoomMetadata = z
  .object({
    name: z.string().exactOptional().describe('What people call it'),
    description: z.string().exactOptional().describe('What it is about'),
    avatar: z.string().exactOptional().describe('Address of a picture'),
  })
  .describe('What a group shows of itself')
  .register(typeNames, { name: 'RoomMetadata' });

/** What a group is to show of itself. Absent fields become empty. */
export const RoomMetadataInput = z
  .strictObject({
    name: wellFormedText().max(limits.roomNameLength).default(''),
    description: wellFormedText().max(limits.roomTextLength).default(''),
    avatar: wellFormedText().max(limits.roomTextLength).default(''),
  })
  .register(typeNames, { name: 'RoomMetadata', isDeclaredElsewhere: true });

const ofAll = {
  roomId: id.describe('Its name for the server; never changes'),
  roomType: RoomType.describe('Of two users, or a group'),
};

const shown = {
  createdAt: millis,
  lastMessageAt: millis.describe('Unix milliseconds; the creation time while the room is empty'),
  metadata: RoomMetadata.describe('Empty for a `1v1`'),
  ...position,
  memberRev: count.describe('Counts changes of membership'),
  joinRule: JoinRule.describe('Who may join'),
  historyVisibility: HistoryVisibility.describe('What a newcomer sees'),
};

/** A room as all its participants see it. */
export const RoomUpdate = z
  .object({ ...ofAll, ...shown })
  .describe("A room as all its participants see it: nothing in it is the receiver's own")
  .register(typeNames, { name: 'RoomUpdate' });

/** One room as one of its participants sees it. */
export const Room = z
  .object({
    ...ofAll,
    participants: z
      .array(id)
      .describe(
        'All of them where one room is answered; in lists at most 20, the caller and the other one of a 1v1 always',
      ),
    participantCount: count.describe('All of them counted, also where `participants` has only some'),
    ...shown,
    role: Role.describe("The caller's own"),
    deliveredUpTo: marks.deliveredUpTo.describe("The caller's own: everything up to this message has arrived"),
    readUpTo: marks.readUpTo.describe("The caller's own: everything up to this message was read"),
    unreadCount: count.describe('Messages behind `readUpTo`: `head - readUpTo`'),
  })
  .describe('One room as one of its participants sees it')
  .register(typeNames, { name: 'ChatRoom' });

/** One room. */
export const RoomResponse = successOf(Room);

/** A page of the caller's rooms, by last activity. */
export const RoomPage = pageOf(Room);

/** The room that was left. */
export const LeftRoom = z.object({ roomId: id });

/** A room that was left. */
export const LeftRoomResponse = successOf(LeftRoom);

/** Where a room stands. */
export const RoomPosition = z
  .object(position)
  .describe('Where a room stands, and in which epoch of its log')
  .register(typeNames, { name: 'RoomPosition' });
