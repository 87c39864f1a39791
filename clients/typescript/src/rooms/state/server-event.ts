import type { ChatMessage, MessageStatusUpdate, RoomJoined, RoomLeft, RoomUpdate, ServerEvents } from '@parlance/proto';
import type { RoomChange } from './room-change.js';

/** What a server event changes in which rooms. Pure; an event that changes no room changes nothing. */
export function roomChangesOf(name: string, payload: unknown): readonly RoomChangeAt[] {
  switch (name as keyof ServerEvents) {
    case 'newMessage': {
      const message = payload as ChatMessage;
      return [{ roomId: message.roomId, change: { kind: 'messages', messages: [message] } }];
    }
    case 'messageStatusUpdate': {
      const { roomId, readAt, timestamp, others = [], ...first } = payload as MessageStatusUpdate;
      const marks = [first, ...others].map(({ userId, status, messageId }) => ({
        userId,
        ...(status === 'read' ? { read: messageId, readAt: readAt ?? timestamp } : { delivered: messageId }),
      }));
      return [{ roomId, change: { kind: 'marks', marks } }];
    }
    case 'roomJoined': {
      const { roomId, userIds, userCount, rev } = payload as RoomJoined;
      return [{ roomId, change: { kind: 'joined', userIds, userCount, rev } }];
    }
    case 'roomLeft': {
      const { roomId, userId, rev } = payload as RoomLeft;
      return [{ roomId, change: { kind: 'left', userId, rev } }];
    }
    case 'roomUpdated': {
      const room = payload as RoomUpdate;
      return [{ roomId: room.roomId, change: { kind: 'updated', room } }];
    }
    case 'heads': {
      const heads = Object.entries(payload as Parameters<ServerEvents['heads']>[0]);
      return heads.map(([roomId, { head, rev, epoch }]) => ({
        roomId,
        change: { kind: 'position', head, rev, epoch },
      }));
    }
    case 'ready':
    case 'typing':
    case 'reconnectIn':
    case 'exception':
      return [];
    default:
      // A newer server may say more than this client knows.
      return [];
  }
}

/** A change and its room. */
export interface RoomChangeAt {
  readonly roomId: string;
  readonly change: RoomChange;
}
