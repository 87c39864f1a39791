import type { Collection, Db } from 'mongodb';
import type { JobRunDocument } from '../documents/job-run-document.js';
import type { LeaseDocument } from '../documents/lease-document.js';
import type { SlotDocument } from '../documents/message-document.js';
import { type MonthYear, messageCollectionName } from '../documents/month.js';
import type { MonthDocument } from '../documents/month-document.js';
import type { ParticipantDocument } from '../documents/participant-document.js';
import type { RevocationDocument } from '../documents/revocation-document.js';
import type { RoomDocument } from '../documents/room-document.js';
import type { RoomEventDocument } from '../documents/room-event-document.js';

/** The database's collections by name and type. Collections are handles; asking for one costs no round trip. */
export class ChatDatabase {
  readonly rooms: Collection<RoomDocument>;
  readonly participants: Collection<ParticipantDocument>;
  readonly roomEvents: Collection<RoomEventDocument>;
  readonly revocations: Collection<RevocationDocument>;
  readonly months: Collection<MonthDocument>;
  readonly leases: Collection<LeaseDocument>;
  readonly jobRuns: Collection<JobRunDocument>;
  private readonly messageModels = new Map<MonthYear, Collection<SlotDocument>>();

  constructor(readonly db: Db) {
    this.rooms = db.collection('rooms');
    this.participants = db.collection('participants');
    this.roomEvents = db.collection('room_events');
    this.revocations = db.collection('revocations');
    this.months = db.collection('months');
    this.leases = db.collection('leases');
    this.jobRuns = db.collection('job_runs');
  }

  /** The messages of one month. */
  messages(month: MonthYear): Collection<SlotDocument> {
    const known = this.messageModels.get(month);
    if (known) return known;
    const collection = this.db.collection<SlotDocument>(messageCollectionName(month));
    this.messageModels.set(month, collection);
    return collection;
  }
}
