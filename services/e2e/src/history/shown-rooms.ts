import type { Anomaly } from './anomaly.js';
import type { SeenMessage, Shown, StayChanged } from './observation.js';

/** What each client was shown of each room: checks the order as it comes and remembers it for the comparison with the log. */
export class ShownRooms {
  private readonly cursors = new Map<string, Cursor>();
  /** The first sight of each message, by room and id; all others have to be the same. */
  private readonly sights = new Map<string, Map<number, SeenMessage>>();

  /** Takes what a client was shown; answers what is wrong with it. */
  take({ clientId, message }: Shown): Anomaly[] {
    const { roomId, messageId } = message;
    const found: Anomaly[] = [];
    const tell = (name: Anomaly['name'], detail: string): void => void found.push({ name, roomId, detail });
    const cursor = this.cursorOf(clientId, roomId);
    if (cursor.isOpen) cursor.last = messageId - 1;
    cursor.isOpen = false;
    if (cursor.seen.has(messageId)) tell('duplicate', `${clientId} was shown ${messageId} twice`);
    else if (messageId < cursor.last) tell('reordered', `${clientId} was shown ${messageId} after ${cursor.last}`);
    else if (messageId !== cursor.last + 1) tell('gap', `${clientId} was shown ${messageId} after ${cursor.last}`);
    cursor.seen.add(messageId);
    cursor.last = Math.max(cursor.last, messageId);
    const sights = this.sights.get(roomId) ?? new Map<number, SeenMessage>();
    this.sights.set(roomId, sights);
    const first = sights.get(messageId);
    if (first === undefined) sights.set(messageId, message);
    else if (!same(first, message)) tell('disagreement', `${clientId} was shown another ${messageId} than others`);
    return found;
  }

  /** Says from which message on a client is to be shown a room; without it that is 1. */
  startAt(clientId: string, roomId: string, firstId: number): void {
    this.cursorOf(clientId, roomId).last = firstId - 1;
  }

  /** From here on a client may come into a room and go, and each of its stays may begin at any message. */
  visits(clientId: string, roomId: string): void {
    this.cursorOf(clientId, roomId).stays = 'many';
    this.leave(clientId, roomId);
  }

  /** A visitor has come or gone; answers whether it was the latter. What is held on coming need not have been shown. */
  stay({ kind, clientId, roomId, upTo }: StayChanged): boolean {
    const cursor = this.cursorOf(clientId, roomId);
    if (cursor.stays === 'one') return false;
    if (kind === 'closed') {
      this.leave(clientId, roomId);
      return true;
    }
    if (cursor.isOpen) cursor.last = upTo;
    cursor.isOpen = false;
    return false;
  }

  /** The newest message that a client was shown of a room, 0 for none. */
  last(clientId: string, roomId: string): number {
    return this.cursors.get(`${clientId}\n${roomId}`)?.last ?? 0;
  }

  /** Compares with a room's log. */
  compare(roomId: string, log: ReadonlyMap<number, SeenMessage>): Anomaly[] {
    const found: Anomaly[] = [];
    for (const [messageId, sight] of this.sights.get(roomId) ?? []) {
      const stored = log.get(messageId);
      if (stored === undefined)
        found.push({ name: 'phantom', roomId, detail: `${messageId} was shown and is not in the log` });
      else if (!same(stored, sight))
        found.push({ name: 'disagreement', roomId, detail: `${messageId} was shown other than the log has it` });
    }
    return found;
  }

  private leave(clientId: string, roomId: string): void {
    const cursor = this.cursorOf(clientId, roomId);
    cursor.isOpen = true;
    cursor.last = 0;
    cursor.seen.clear();
  }

  private cursorOf(clientId: string, roomId: string): Cursor {
    const key = `${clientId}\n${roomId}`;
    const cursor = this.cursors.get(key) ?? { last: 0, isOpen: false, stays: 'one', seen: new Set<number>() };
    this.cursors.set(key, cursor);
    return cursor;
  }
}

interface Cursor {
  last: number;
  /** The next message begins a stay, whichever it is. */
  isOpen: boolean;
  stays: 'one' | 'many';
  readonly seen: Set<number>;
}

function same(left: SeenMessage, right: SeenMessage): boolean {
  return (
    left.senderId === right.senderId &&
    left.clientMessageId === right.clientMessageId &&
    left.content === right.content &&
    left.timestamp === right.timestamp
  );
}
