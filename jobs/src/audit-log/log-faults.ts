import type { MonthYear } from '@parlance/storage';

/** What a room has in one month: its first and its last slot there. */
export interface SegmentEnds {
  readonly firstId: number;
  readonly lastId: number;
  readonly lastKind: 'seal' | 'void' | null;
}

/** A segment of a room's chain with what lies in its month. */
export interface AuditedSegment {
  readonly monthYear: MonthYear;
  /** By the chain in `rooms`. */
  readonly firstId: number;
  /** Undefined where nothing lies; `unread` where the month cannot be read here, as one in the archive. */
  readonly ends: SegmentEnds | 'unread' | undefined;
  /** The head that a reader has noted as this segment's last (`SegmentDocument.end`); readers no longer ask the month then. */
  readonly notedHead?: number;
}

/** A mark of a participant. */
export interface AuditedMark {
  readonly userId: string;
  readonly mark: 'deliveredUpTo' | 'readUpTo';
  readonly value: number;
}

/** A room's log: its chain, and marks that were read before it. */
export interface AuditedLog {
  readonly roomId: string;
  readonly segments: readonly AuditedSegment[];
  readonly marks: readonly AuditedMark[];
}

/** Slots of a month, both ends included, in which no record stands. */
export interface Hole {
  readonly kind: 'hole';
  readonly monthYear: MonthYear;
  readonly fromId: number;
  readonly toId: number;
  /** The last of them has to be the seal: the next segment begins with its number. */
  readonly isSealed: boolean;
}

/** Something wrong with a log. */
export type LogFault =
  | Hole
  /** Records stand before a segment begins or behind its end. No repair decides whose they are. */
  | { readonly kind: 'chain'; readonly monthYear: MonthYear; readonly text: string }
  /** The head that stands in the chain is not the one before the month's seal; `head` is, undefined where no seal stands. */
  | {
      readonly kind: 'end';
      readonly monthYear: MonthYear;
      readonly notedHead: number;
      readonly head: number | undefined;
    }
  /** A participant has read what is not there. */
  | (AuditedMark & { readonly kind: 'mark'; readonly head: number });

/** What can be told of a log from its ends. */
export interface LogFinding {
  readonly faults: readonly LogFault[];
  /** How many slots each month holds of it if there is no hole between the ends. */
  readonly slots: ReadonlyMap<MonthYear, number>;
}

/**
 * What the ends of a room's segments tell. A segment that is not the last ends with the seal, in the slot of the number
 * that the next one begins with (R6: a month ends with its seal). Whether all slots between the ends are there, the
 * number of all slots of the month tells: each is a different id between the ends of its room, so as many as fit in
 * there can only be all. Pure.
 */
export function logFindingOf({ segments, marks }: AuditedLog): LogFinding {
  const faults: LogFault[] = [];
  const slots = new Map<MonthYear, number>();
  for (const [index, segment] of segments.entries()) {
    const { monthYear, ends } = segment;
    const sealId = segments[index + 1]?.firstId;
    faults.push(...endFaults(segment, sealId));
    if (ends === 'unread') continue;
    faults.push(...segmentFaults(segment, sealId));
    if (ends) slots.set(monthYear, (slots.get(monthYear) ?? 0) + ends.lastId - ends.firstId + 1);
  }
  const head = headOf(segments.at(-1));
  for (const mark of marks) if (mark.value > head) faults.push({ kind: 'mark', ...mark, head });
  return { faults, slots };
}

/** Newest id of a room by its last segment; a seal takes the number of the message that comes after it. Pure. */
export function headOf(last: AuditedSegment | undefined): number {
  if (!last) return 0;
  const { firstId, ends } = last;
  if (ends === 'unread') return Number.MAX_SAFE_INTEGER;
  if (!ends) return firstId - 1;
  return ends.lastKind === 'seal' ? ends.lastId - 1 : ends.lastId;
}

/**
 * The noted end of a segment against its seal, which the next segment names or the month has. The last segment of a month in
 * the archive has neither to compare with: what lies there is compared with the month's own hashes.
 */
function endFaults({ monthYear, ends, notedHead }: AuditedSegment, sealId: number | undefined): LogFault[] {
  if (notedHead === undefined || (ends === 'unread' && sealId === undefined)) return [];
  const standing = ends !== 'unread' && ends?.lastKind === 'seal' ? ends.lastId : undefined;
  const seal = sealId ?? standing;
  const head = seal === undefined ? undefined : seal - 1;
  return notedHead === head ? [] : [{ kind: 'end', monthYear, notedHead, head }];
}

/** The ends of one segment against its chain; `sealId` is where the next one begins, undefined for the last. */
function segmentFaults({ monthYear, firstId, ends }: AuditedSegment, sealId: number | undefined): LogFault[] {
  if (ends === 'unread') return [];
  const chain = (text: string): LogFault => ({ kind: 'chain', monthYear, text });
  const hole = (fromId: number, toId: number): LogFault[] =>
    fromId > toId ? [] : [{ kind: 'hole', monthYear, fromId, toId, isSealed: toId === sealId }];
  if (sealId !== undefined && sealId < firstId) return [chain(`the chain goes back from ${firstId} to ${sealId}`)];
  if (!ends) return sealId === undefined ? [] : hole(firstId, sealId);
  const faults: LogFault[] = [];
  if (ends.firstId < firstId) faults.push(chain(`slot ${ends.firstId} stands before its first, ${firstId}`));
  else faults.push(...hole(firstId, ends.firstId - 1));
  if (sealId === undefined) return faults;
  if (ends.lastId > sealId) faults.push(chain(`slot ${ends.lastId} stands behind its seal, ${sealId}`));
  else if (ends.lastId < sealId) faults.push(...hole(ends.lastId + 1, sealId));
  else if (ends.lastKind !== 'seal') faults.push(chain(`slot ${sealId} is no seal, and the next month begins with it`));
  return faults;
}

/** Runs of ids that are missing among those that stand, ascending, between two ids. Pure. */
export function runsMissing(
  standing: readonly number[],
  fromId: number,
  toId: number,
): readonly (readonly [number, number])[] {
  const runs: (readonly [number, number])[] = [];
  let expected = fromId;
  for (const id of [...standing, toId + 1]) {
    if (id > expected) runs.push([expected, id - 1]);
    expected = id + 1;
  }
  return runs;
}
