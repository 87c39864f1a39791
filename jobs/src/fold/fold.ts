import { erasedClientId, isMessage, type MessageDocument, type SlotDocument, tombstoneOf } from '@parlance/storage';

/** Messages of one room that are to be emptied. */
export interface Fold {
  readonly roomId: string;
  /** Only of this sender; absent: of all. */
  readonly userId?: string;
  /** Up to and including this id. */
  readonly upTo: number;
  /** The names of messages are kept as hashes under this key; absent: not at all. */
  readonly nameKey?: string;
}

/** Folds by what they ask of one record. */
export class Folds {
  private readonly byRoom = new Map<string, Fold[]>();

  constructor(readonly all: readonly Fold[]) {
    for (const fold of all) this.byRoom.set(fold.roomId, [...(this.byRoom.get(fold.roomId) ?? []), fold]);
  }

  /** Rooms that they concern, each once. */
  get roomIds(): readonly string[] {
    return [...this.byRoom.keys()];
  }

  /** Those of other rooms than these. */
  without(roomIds: { has(roomId: string): boolean }): Folds {
    return new Folds(this.all.filter(({ roomId }) => !roomIds.has(roomId)));
  }

  /** The newest id of a room that one of them concerns; 0 in others. */
  lastOf(roomId: string): number {
    return Math.max(0, ...(this.byRoom.get(roomId) ?? []).map(({ upTo }) => upTo));
  }

  /** The fold that empties a record; undefined where none does, or it is empty. */
  of(record: SlotDocument): Fold | undefined {
    return isMessage(record) && record.erasedAt === undefined ? this.concerning(record) : undefined;
  }

  /** Whether a record is one that they concern and is empty already. */
  hasEmptied(record: SlotDocument): boolean {
    return isMessage(record) && record.erasedAt !== undefined && this.concerning(record) !== undefined;
  }

  private concerning(record: MessageDocument): Fold | undefined {
    const id = Number(record.messageId);
    return this.byRoom
      .get(record.roomId)
      ?.find(({ upTo, userId }) => id <= upTo && (userId === undefined || userId === record.senderId));
  }

  /** The record as it is when it was emptied; itself where nothing empties it. Pure. */
  apply(record: SlotDocument, at: Date): SlotDocument {
    const fold = this.of(record);
    return fold ? tombstoneOf(record as MessageDocument, at, keptName(record as MessageDocument, fold)) : record;
  }
}

/** What stays of the name of a message that a fold empties. */
export function keptName(
  { roomId, senderId, clientMessageId }: Pick<MessageDocument, 'roomId' | 'senderId'> & { clientMessageId?: string },
  { nameKey }: Fold,
): string | undefined {
  if (nameKey === undefined || clientMessageId === undefined) return undefined;
  return erasedClientId({ roomId, senderId, clientMessageId }, nameKey);
}
