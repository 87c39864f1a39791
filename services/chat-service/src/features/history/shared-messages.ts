import type { WireMessage } from '@parlance/proto';
import type { StoredRoom } from '../rooms/stored-room.js';
import type { IdRange } from '../slots/message-store.js';

/** What was read is remembered for so long, milliseconds. */
const rememberedMs = 5_000;

/** Messages of one room that are remembered. */
const roomMessages = 400;

/** Characters of all that is remembered, texts and metadata. */
const mostCharacters = 4_000_000;

/** What a message takes beside its texts, in characters. */
const frameCharacters = 300;

/** Reads whole ranges of a room's log: exactly these ids, ascending. */
export type ReadRange = (room: StoredRoom, range: IdRange, ahead: IdRange, deadlineAt: number) => Promise<Messages>;

type Messages = readonly WireMessage[];

/**
 * Messages that somebody has read a moment ago or is reading now, for all who ask for the same: when a room's people come
 * back together, or a page is in demand, its messages are read once. A range that is asked for lies below a head that a
 * majority has, so whenever its read began, it reads what will stand there for good. What may be withheld of it is not
 * decided here. Few, for seconds, and of the newest month alone: the cache is Redis, and an archive has its own.
 */
export class SharedMessages {
  /** One unbroken range a room, the one used longest ago in front. */
  private readonly blocks = new Map<string, Block>();
  private readonly reading = new Map<string, Promise<Messages>>();
  private characters = 0;

  constructor(
    private readonly read: ReadRange,
    private readonly now: () => number,
    private readonly noteRead: (result: 'hit' | 'miss') => void,
  ) {}

  /** The messages of a range below the room's head, ascending, all of them; `ahead` is what will be asked for next. */
  async range(room: StoredRoom, range: IdRange, ahead: IdRange, deadlineAt: number): Promise<Messages> {
    const known = this.block(room);
    const isKnown = known && known.from <= range.from && range.to < known.from + known.messages.length;
    const key = `${room.roomId} ${room.epoch} ${range.from} ${range.to}`;
    const underWay = isKnown ? undefined : this.reading.get(key);
    this.noteRead(isKnown || underWay ? 'hit' : 'miss');
    if (isKnown) {
      return known.messages.slice(range.from - known.from, range.to - known.from + 1);
    }
    // Whoever has more time may succeed where the first one did not.
    if (underWay) return underWay.catch(() => this.read(room, range, ahead, deadlineAt));
    const startedAt = this.now();
    const reading = this.read(room, range, ahead, deadlineAt).finally(() => this.reading.delete(key));
    this.reading.set(key, reading);
    const messages = await reading;
    if (isNew(room, range)) this.remember(room, range.from, messages, startedAt);
    return messages;
  }

  /** Characters of a message of this room, by those that are remembered; undefined without any. */
  usualCharacters(room: Pick<StoredRoom, 'roomId' | 'epoch'>): number | undefined {
    const block = this.block(room);
    return block && Math.ceil(block.characters / block.messages.length);
  }

  /** Forgets what is too old. Call it now and then. */
  forgetOld(): void {
    for (const [roomId, { at }] of this.blocks) if (this.now() - at > rememberedMs) this.forget(roomId);
  }

  private block({ roomId, epoch }: Pick<StoredRoom, 'roomId' | 'epoch'>): Block | undefined {
    const block = this.blocks.get(roomId);
    if (!block) return undefined;
    const age = this.now() - block.at;
    if (block.epoch === epoch && age >= 0 && age <= rememberedMs) return block;
    this.forget(roomId);
    return undefined;
  }

  private remember(room: StoredRoom, from: number, messages: Messages, at: number): void {
    const known = this.block(room);
    const joined = known ? join(known, { from, messages }) : undefined;
    this.forget(room.roomId);
    if (messages.length === 0) return;
    const block = joined ?? { from, messages };
    const characters = block.messages.reduce((sum, message) => sum + charactersOf(message), 0);
    this.blocks.set(room.roomId, { ...block, epoch: room.epoch, at: joined && known ? known.at : at, characters });
    this.characters += characters;
    for (const roomId of this.blocks.keys()) {
      if (this.characters <= mostCharacters) break;
      this.forget(roomId);
    }
  }

  private forget(roomId: string): void {
    this.characters -= this.blocks.get(roomId)?.characters ?? 0;
    this.blocks.delete(roomId);
  }
}

/** It lies in the month that is written to, and that is not known to be sealed. */
function isNew({ segments }: StoredRoom, { from }: IdRange): boolean {
  const last = segments.at(-1);
  return last !== undefined && last.end === undefined && from >= last.firstId;
}

interface Run {
  readonly from: number;
  readonly messages: Messages;
}

interface Block extends Run {
  readonly epoch: number;
  /** When the oldest of its reads began, Unix milliseconds. */
  readonly at: number;
  readonly characters: number;
}

/** Two runs as one, where no id between them is missing and they are not too many. */
function join(one: Run, other: Run): Run | undefined {
  const [low, high] = one.from <= other.from ? [one, other] : [other, one];
  const lowEnd = low.from + low.messages.length;
  if (high.from > lowEnd) return undefined;
  const messages = [...low.messages, ...high.messages.slice(Math.max(0, lowEnd - high.from))];
  return messages.length > roomMessages ? undefined : { from: low.from, messages };
}

function charactersOf({ content, metadataJson }: WireMessage): number {
  return content.length + metadataJson.length + frameCharacters;
}
