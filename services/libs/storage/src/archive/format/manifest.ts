import type { MonthYear } from '../../documents/month.js';
import type { SlotPosition } from '../records/slot-order.js';
import type { PartPlace } from './segment-trailer.js';

/** What an archive of a month consists of. It alone names the objects; its root hash vouches for every byte of them. */
export interface ArchiveManifest {
  readonly format: 'parlance-archive';
  readonly formatVersion: 1;
  readonly month: MonthYear;
  /** 1 for the first one of a month, one more for each that replaced another. */
  readonly manifestVersion: number;
  /** When it was written, by MongoDB's clock; ISO 8601. */
  readonly createdAt: string;
  /** Up to where room events are folded into the records; what it means is the writer's. */
  readonly foldedThrough: string | null;
  readonly dictionary: DictionaryEntry | null;
  /** In the order of their records. */
  readonly segments: readonly SegmentEntry[];
}

/** The dictionary that blocks are compressed with. */
export interface DictionaryEntry extends ObjectEntry {
  /** SHA-256 of its content, 64 hexadecimal digits. */
  readonly contentSha256: string;
  /** Bytes of its content. */
  readonly rawBytes: number;
}

/** One segment file. */
export interface SegmentEntry extends ObjectEntry, RecordCounts {
  readonly first: SlotPosition;
  readonly last: SlotPosition;
  /** Bytes of all lines with their line feeds. */
  readonly rawBytes: number;
  /** SHA-256 of all lines with their line feeds, in order: equal to that of the collection's records from `first` to `last`. */
  readonly contentSha256: string;
  /** SHA-256 of a line `[roomId,firstId,lastId,records]` a room, with line feeds: which room has which ids. */
  readonly roomsSha256: string;
  readonly root: PartPlace & { readonly rawLength: number; readonly sha256: string };
}

/** Records of a segment. */
export interface RecordCounts {
  readonly records: number;
  readonly messages: number;
  readonly seals: number;
  readonly voids: number;
  /** Rooms with records in it; a room that goes over the end of a segment counts in both. */
  readonly rooms: number;
  /** Ids missing between the first and the last record of a room. */
  readonly holes: number;
}

/** One object of the store. */
export interface ObjectEntry {
  readonly key: string;
  readonly bytes: number;
  /** SHA-256 of the whole object, 64 hexadecimal digits. */
  readonly sha256: string;
  /** Which key it is encrypted with, and its salt in base64url; null when it is not. */
  readonly encryption: { readonly keyId: string; readonly salt: string } | null;
}
