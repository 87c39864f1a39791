import type { Schedule } from './schedule.ts';

/** What is wrong with what a crowd was sent. All zero is what a chat promises. */
export interface DeliveryFaults {
  /** Deliveries that never came: of a message that was acknowledged, or that somebody else got. */
  readonly missing: number;
  /** Deliveries of a message to a connection beyond the first. */
  readonly twice: number;
  /** Deliveries after one with a higher id in the same room. */
  readonly disordered: number;
  /** Ids between the first and the last of a room that no message has. */
  readonly gaps: number;
  /** Sends of one connection that got a lower id than one it sent before into the same room. */
  readonly overtaken: number;
  /** Messages that have one id for some and another for others. */
  readonly renamed: number;
}

/** Checks one run of a load: every message to every member, in order, once. */
export class DeliveryLog {
  private readonly rooms: readonly RoomLog[];
  private readonly faults = { twice: 0, disordered: 0, renamed: 0 };

  /** `roomSizes` are the members of each room. */
  constructor(
    private readonly schedule: Schedule,
    roomSizes: readonly number[],
  ) {
    this.rooms = roomSizes.map((members, room) => roomLog(members, schedule.perRoom[room] ?? 0));
  }

  /** A member was sent a message. `false` when it is none of this run. */
  delivered(room: number, member: number, sequence: number, messageId: number): boolean {
    const log = this.rooms[room];
    if (log === undefined || sequence >= log.ids.length) return false;
    const at = member * log.ids.length + sequence;
    if (log.seen[at] === 1) this.faults.twice += 1;
    log.seen[at] = 1;
    if (messageId < (log.lastIds[member] ?? 0)) this.faults.disordered += 1;
    else log.lastIds[member] = messageId;
    this.name(log, sequence, messageId);
    return true;
  }

  /** A send was answered with success. */
  acked(index: number, messageId: number): void {
    const log = this.rooms[this.schedule.rooms[index] ?? -1];
    const sequence = this.schedule.sequences[index];
    if (log !== undefined && sequence !== undefined) this.name(log, sequence, messageId);
  }

  /** All that is wrong, once everything has come that will come. */
  verdict(): DeliveryFaults {
    return {
      ...this.faults,
      missing: this.rooms.reduce((sum, log) => sum + missingIn(log), 0),
      gaps: this.rooms.reduce((sum, log) => sum + gapsIn(log), 0),
      overtaken: this.overtaken(),
    };
  }

  private name(log: RoomLog, sequence: number, messageId: number): void {
    const known = log.ids[sequence];
    if (known === 0) log.ids[sequence] = messageId;
    else if (known !== messageId) this.faults.renamed += 1;
  }

  private overtaken(): number {
    const { count, rooms, senders, sequences } = this.schedule;
    const lastIds = new Map<string, number>();
    let overtaken = 0;
    for (let index = 0; index < count; index++) {
      const id = this.rooms[rooms[index] ?? -1]?.ids[sequences[index] ?? -1] ?? 0;
      if (id === 0) continue;
      const sender = `${rooms[index]}.${senders[index]}`;
      if (id < (lastIds.get(sender) ?? 0)) overtaken += 1;
      else lastIds.set(sender, id);
    }
    return overtaken;
  }
}

interface RoomLog {
  readonly members: number;
  /** Id of each message by its sequence, 0 while nobody has told it. */
  readonly ids: Float64Array;
  /** Highest id of each member. */
  readonly lastIds: Float64Array;
  /** 1 at `member * messages + sequence` once it came. */
  readonly seen: Uint8Array;
}

function roomLog(members: number, messages: number): RoomLog {
  return {
    members,
    ids: new Float64Array(messages),
    lastIds: new Float64Array(members),
    seen: new Uint8Array(members * messages),
  };
}

function missingIn({ members, ids, seen }: RoomLog): number {
  let missing = 0;
  ids.forEach((id, sequence) => {
    if (id === 0) return;
    for (let member = 0; member < members; member++) missing += 1 - (seen[member * ids.length + sequence] ?? 0);
  });
  return missing;
}

function gapsIn({ ids }: RoomLog): number {
  const known = ids.filter((id) => id !== 0);
  if (known.length === 0) return 0;
  let [lowest, highest] = [Number.MAX_SAFE_INTEGER, 0];
  for (const id of known) {
    lowest = Math.min(lowest, id);
    highest = Math.max(highest, id);
  }
  return Math.max(0, highest - lowest + 1 - known.length);
}
