import { createHash } from 'node:crypto';
import type { YearAnomaly, YearAnomalyName } from '../year/year-anomaly.js';

/** What an erased message says. */
const nothing = { clientMessageId: '', content: '', metadataJson: '' } as const;

/** A message as its sender means it. */
export interface SentMessage {
  /** Ends with `:` and the number of the message among its sender's in the room. */
  readonly clientMessageId: string;
  readonly senderId: string;
  readonly content: string;
  /** Empty without any. */
  readonly metadataJson: string;
}

/** A message as it is read. */
export interface ReadMessage extends SentMessage {
  readonly messageId: number;
  /** Unix milliseconds. */
  readonly timestamp: number;
  readonly monthYear: string;
  /** It was erased, and is told without its text, its name and its metadata. */
  readonly erased?: boolean;
}

/** What is known of a message: what was sent, and its place once it was acknowledged or read. */
interface Known {
  readonly sent: SentMessage;
  messageId?: number;
  monthYear?: string;
}

interface RoomBook {
  readonly name: string;
  readonly byClientId: Map<string, Known>;
  readonly byId: Map<number, Known>;
  /** Largest acknowledged id: all up to it are stored (R2: the log is the counter). */
  acked: number;
}

/** Knows every message that was sent and acknowledged, and compares what is read with it. */
export class Oracle {
  readonly anomalies: YearAnomaly[] = [];
  private readonly _rooms = new Map<string, RoomBook>();
  /** Users whose erasure has begun; whether it is done. */
  private readonly erasures = new Map<string, 'begun' | 'done'>();

  /** Calls `found` with each anomaly. */
  constructor(private readonly found: (anomaly: YearAnomaly) => void = () => {}) {}

  /** Rooms by id, with their names for people. */
  get rooms(): ReadonlyMap<string, { readonly name: string }> {
    return this._rooms;
  }

  /** Messages that were acknowledged or read. */
  get messages(): number {
    return [...this._rooms.values()].reduce((sum, { byId }) => sum + byId.size, 0);
  }

  addRoom(roomId: string, name: string): void {
    this._rooms.set(roomId, { name, byClientId: new Map(), byId: new Map(), acked: 0 });
  }

  /** Called before a message's first attempt. */
  begin(roomId: string, sent: SentMessage): void {
    this.book(roomId).byClientId.set(sent.clientMessageId, { sent });
  }

  acknowledge(roomId: string, clientMessageId: string, place: Pick<ReadMessage, 'messageId' | 'monthYear'>): void {
    const book = this.book(roomId);
    const known = book.byClientId.get(clientMessageId);
    if (known) this.place(book, known, place);
    else this.report('phantom', `${book.name}: ${clientMessageId} was acknowledged and not sent`);
    book.acked = Math.max(book.acked, place.messageId);
  }

  /** From now on what a user has said may be erased. The user says nothing any more. */
  beginErasure(user: string): void {
    if (!this.erasures.has(user)) this.erasures.set(user, 'begun');
  }

  /** From now on it has to be. */
  endErasure(user: string): void {
    this.erasures.set(user, 'done');
  }

  /** Users of whom a read that begins now may show nothing. */
  get erased(): ReadonlySet<string> {
    return new Set([...this.erasures].flatMap(([user, state]) => (state === 'done' ? [user] : [])));
  }

  /** Id up to which a read that begins now has to reach. */
  leastOf(roomId: string): number {
    return this.book(roomId).acked;
  }

  /**
   * Compares all messages of a room, read in whatever way, in the order of their ids. `least` and `erased`: see {@link leastOf}
   * and {@link erased}.
   */
  compare(
    roomId: string,
    messages: readonly ReadMessage[],
    { least, erased = new Set() }: { readonly least: number; readonly erased?: ReadonlySet<string> },
    how: string,
  ): void {
    const book = this.book(roomId);
    const where = `${book.name}, ${how}`;
    const newest = new Map<string, number>();
    let last = { messageId: 0, timestamp: 0 };
    for (const message of messages) {
      const { messageId, timestamp, senderId } = message;
      if (messageId <= last.messageId) this.report('duplicate', `${where}: ${messageId} after ${last.messageId}`);
      if (messageId > last.messageId + 1) this.report('gap', `${where}: ${messageId} after ${last.messageId}`);
      if (timestamp < last.timestamp) this.report('reordered', `${where}: ${messageId} is older than the one before`);
      last = { messageId, timestamp };
      const number = numberOf(message.erased ? (book.byId.get(messageId)?.sent ?? message) : message);
      if (number <= (newest.get(senderId) ?? -1)) this.report('reordered', `${where}: ${number} of ${senderId}`);
      newest.set(senderId, number);
      if (erased.has(senderId) && !message.erased) this.report('kept', `${where}: ${messageId} of ${senderId}`);
      if (message.erased) this.compareErased(book, message, where);
      else this.compareOne(book, message, where);
    }
    if (last.messageId < least) this.report('lost', `${where}: ends at ${last.messageId}, ${least} was acknowledged`);
  }

  /** Acknowledged and read messages by month. */
  countByMonth(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { byId } of this._rooms.values()) {
      for (const { monthYear = '' } of byId.values()) counts.set(monthYear, (counts.get(monthYear) ?? 0) + 1);
    }
    return counts;
  }

  /** Hash over all that a room has to hold, in the order of ids; as {@link hashOfMessages} gives it. */
  hashOf(roomId: string): string {
    const all = [...this.book(roomId).byId].toSorted(([left], [right]) => left - right);
    const gone = this.erased;
    return hashOfMessages(
      all.map(([messageId, { sent }]) => ({ ...sent, ...(gone.has(sent.senderId) ? nothing : {}), messageId })),
    );
  }

  report(name: YearAnomalyName, text: string): void {
    const anomaly = { name, text };
    this.anomalies.push(anomaly);
    this.found(anomaly);
  }

  private compareOne(book: RoomBook, message: ReadMessage, where: string): void {
    const known = book.byClientId.get(message.clientMessageId);
    if (!known) {
      this.report('phantom', `${where}: ${message.messageId} (${message.clientMessageId}) was not sent`);
      return;
    }
    const { sent } = known;
    if (
      sent.content !== message.content ||
      sent.senderId !== message.senderId ||
      sent.metadataJson !== message.metadataJson
    ) {
      this.report('changed', `${where}: ${message.messageId} is not what was sent`);
    }
    this.place(book, known, message);
  }

  /** What is left of an erased message is its place and its sender. */
  private compareErased(book: RoomBook, message: ReadMessage, where: string): void {
    const { messageId, senderId } = message;
    const sent = book.byId.get(messageId)?.sent;
    if (!sent) this.report('phantom', `${where}: ${messageId} was erased and never acknowledged`);
    else if (sent.senderId !== senderId || !this.erasures.has(senderId))
      this.report('changed', `${where}: ${messageId} of ${sent.senderId} is erased, of ${senderId}`);
    if (message.content !== '' || message.metadataJson !== '' || message.clientMessageId !== '')
      this.report('kept', `${where}: ${messageId} is erased and says something`);
    const known = book.byId.get(messageId);
    if (known) this.place(book, known, message);
  }

  private place(
    book: RoomBook,
    known: Known,
    { messageId, monthYear }: Pick<ReadMessage, 'messageId' | 'monthYear'>,
  ): void {
    if (known.messageId === undefined) {
      const other = book.byId.get(messageId);
      const name = known.sent.clientMessageId;
      if (other) this.report('changed', `${book.name}: ${messageId} is ${name} and ${other.sent.clientMessageId}`);
      book.byId.set(messageId, known);
      known.messageId = messageId;
      known.monthYear = monthYear;
      return;
    }
    if (known.messageId === messageId && known.monthYear === monthYear) return;
    const was = `${known.messageId} of ${known.monthYear ?? ''}`;
    this.report(
      'changed',
      `${book.name}: ${known.sent.clientMessageId} was ${was} and is ${messageId} of ${monthYear}`,
    );
  }

  private book(roomId: string): RoomBook {
    const book = this._rooms.get(roomId);
    if (!book) throw new Error(`no room ${roomId}`);
    return book;
  }
}

/** Hash over messages in the order given, hexadecimal. */
export function hashOfMessages(messages: readonly (SentMessage & Pick<ReadMessage, 'messageId'>)[]): string {
  const hash = createHash('sha256');
  for (const { messageId, clientMessageId, senderId, content, metadataJson } of messages) {
    hash.update(`${JSON.stringify([messageId, clientMessageId, senderId, content, metadataJson])}\n`);
  }
  return hash.digest('hex');
}

function numberOf({ clientMessageId }: SentMessage): number {
  return Number(clientMessageId.slice(clientMessageId.lastIndexOf(':') + 1));
}
