import type { Anomaly } from './anomaly.js';
import type { FinalRoom } from './final-room.js';
import type { Marked, MembershipChanged, Observation, SeenMessage, Shown } from './observation.js';
import { RoomChanges } from './room-changes.js';
import { Sends } from './sends.js';
import { ShownRooms } from './shown-rooms.js';

/**
 * How long after a removal was acknowledged a pod may still accept and deliver (R13: only participants, two seconds
 * late at most), milliseconds.
 */
const membershipToleranceMs = 2_000;

/**
 * Reads the history of a run and names every anomaly in it. `observe` finds those that show at once, `finish` those that
 * only the logs show; the two together find all of {@link Anomaly}.
 */
export class HistoryChecker {
  private readonly sends = new Sends();
  private readonly shown = new ShownRooms();
  private readonly changes = new RoomChanges();
  /** The marks that a client knows of a room. */
  private readonly marks = new Map<string, Map<string, number>>();
  /** When a user's removal from a room was acknowledged, while it holds. */
  private readonly leftAt = new Map<string, number>();

  /** Takes one observation; answers the anomalies that it completes. */
  observe(observation: Observation): readonly Anomaly[] {
    switch (observation.kind) {
      case 'sent':
        this.sends.sent(observation);
        return [];
      case 'acked':
        return this.sends.acked(observation);
      case 'refused':
        this.sends.refused(observation);
        return [];
      case 'shown':
        return [...this.shown.take(observation), ...this.membership(observation)];
      case 'marked':
        return this.mark(observation);
      case 'joined':
      case 'left':
        this.changeMembership(observation);
        return [];
      case 'changed':
        this.changes.take(observation);
        return [];
      case 'sized':
        return this.changes.size(observation);
      case 'opened':
      case 'closed':
        if (this.shown.stay(observation)) this.marks.delete(`${observation.clientId}\n${observation.roomId}`);
        return [];
    }
  }

  /** Says from which message on a client is shown a room; without it that is 1. */
  startAt(clientId: string, roomId: string, firstId: number): void {
    this.shown.startAt(clientId, roomId, firstId);
  }

  /** Says that a client comes into a room and goes again; what it has to be shown begins anew each time. */
  visits(clientId: string, roomId: string): void {
    this.shown.visits(clientId, roomId);
  }

  /** The newest message that a client was shown of a room, 0 for none. */
  lastShown(clientId: string, roomId: string): number {
    return this.shown.last(clientId, roomId);
  }

  /** How many sends had which end. */
  count(): ReturnType<Sends['count']> {
    return this.sends.count();
  }

  /** Compares the history with the end state. */
  finish({ logs, clients, rooms }: EndState): readonly Anomaly[] {
    const found: Anomaly[] = [];
    for (const [roomId, log] of logs) {
      found.push(...gaps(roomId, log));
      found.push(...this.shown.compare(roomId, new Map(log.map((message) => [message.messageId, message]))));
    }
    found.push(...this.sends.compare(logs), ...this.changes.compare(rooms));
    for (const { clientId, rooms } of clients) {
      for (const roomId of rooms) {
        const head = logs.get(roomId)?.at(-1)?.messageId ?? 0;
        const last = this.shown.last(clientId, roomId);
        if (last < head)
          found.push({ name: 'unseen', roomId, detail: `${clientId} was shown up to ${last} of ${head}` });
      }
    }
    return found;
  }

  private mark({ clientId, roomId, userId, receipt, upTo }: Marked): Anomaly[] {
    const place = `${clientId}\n${roomId}`;
    const marks = this.marks.get(place) ?? new Map<string, number>();
    this.marks.set(place, marks);
    const before = marks.get(`${userId}\n${receipt}`) ?? 0;
    marks.set(`${userId}\n${receipt}`, Math.max(before, upTo));
    if (upTo >= before) return [];
    return [
      {
        name: 'receiptWentBack',
        roomId,
        detail: `${clientId} saw "${receipt}" of ${userId} fall from ${before} to ${upTo}`,
      },
    ];
  }

  private membership({ clientId, userId, message }: Shown): Anomaly[] {
    const { roomId } = message;
    const leftAt = this.leftAt.get(`${roomId}\n${userId}`);
    const sentAt = this.sends.find(message)?.sent.at;
    if (leftAt === undefined || sentAt === undefined || sentAt <= leftAt + membershipToleranceMs) return [];
    const detail = `${clientId} was shown ${message.messageId}, sent ${Math.round(sentAt - leftAt)} ms after the removal`;
    return [{ name: 'outsideMembership', roomId, detail }];
  }

  private changeMembership({ kind, at, roomId, userId }: MembershipChanged): void {
    if (kind === 'left') this.leftAt.set(`${roomId}\n${userId}`, at);
    else this.leftAt.delete(`${roomId}\n${userId}`);
  }
}

/** What is true when a run is over and everything has come to rest. */
export interface EndState {
  /** Every room's log, ascending by id. */
  readonly logs: ReadonlyMap<string, readonly SeenMessage[]>;
  /** The clients that are connected, with the rooms they are in. */
  readonly clients: readonly { readonly clientId: string; readonly rooms: readonly string[] }[];
  /** Every room as it is stored. */
  readonly rooms: readonly FinalRoom[];
}

function gaps(roomId: string, log: readonly SeenMessage[]): Anomaly[] {
  const found: Anomaly[] = [];
  let expected = 1;
  for (const { messageId } of log) {
    if (messageId < expected) found.push({ name: 'equalIds', roomId, detail: `the log has ${messageId} twice` });
    else if (messageId > expected)
      found.push({ name: 'gap', roomId, detail: `the log goes from ${expected - 1} to ${messageId}` });
    expected = messageId + 1;
  }
  return found;
}
