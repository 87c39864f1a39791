import type { MonthYear } from '@parlance/storage';
import type { Oracle } from '../oracle/oracle.js';
import { as, type Pod } from '../people/pod.js';
import type { PlannedRoom } from '../people/room-plan.js';
import type { ReadableRoom } from '../people/room-reader.js';
import { untilAnswered } from '../people/until-answered.js';
import type { Lane } from '../people/writers.js';

/** What is planned of rooms. */
export interface RoomsOfYear {
  readonly plan: readonly PlannedRoom[];
  readonly months: readonly MonthYear[];
  /** Who is erased in which month, and says nothing from then on. */
  readonly erasures: ReadonlyMap<MonthYear, string>;
}

/** The rooms of a year, made when somebody is to speak in them. */
export class YearRooms {
  /** Those that were made; grows. */
  readonly all: ReadableRoom[] = [];
  private readonly made = new Map<PlannedRoom, ReadableRoom>();

  constructor(
    private readonly pod: Pod,
    private readonly oracle: Oracle,
    private readonly year: RoomsOfYear,
  ) {}

  /** Makes the rooms that are due in a month, by its index, and answers who speaks in it where and how often. */
  async lanesOf(index: number): Promise<Lane[]> {
    const { plan, months, erasures } = this.year;
    const lanes: Lane[] = [];
    const silent = new Set([...erasures].flatMap(([month, user]) => (month <= (months[index] ?? '') ? [user] : [])));
    for (const [number, planned] of plan.entries()) {
      const messages = planned.messages[index] ?? 0;
      const isDue = messages > 0 || (index === 0 && number % 2 === 0) || index === 1;
      if (isDue && !this.made.has(planned)) await this.create(planned);
      const room = this.made.get(planned);
      const users = planned.users.filter((user) => !silent.has(user));
      if (!room || messages === 0 || users.length === 0) continue;
      const speakers = users.slice(0, Math.min(users.length, messages));
      lanes.push(
        ...speakers.map((user, at) => ({
          roomId: room.roomId,
          user,
          messages: Math.floor((messages + at) / speakers.length),
        })),
      );
    }
    return lanes;
  }

  private async create(planned: PlannedRoom): Promise<void> {
    const [owner = '', ...participants] = planned.users;
    const outcome = await untilAnswered(() =>
      this.pod.operations.createRoom(as(owner), {
        roomType: 'group',
        participants,
        metadata: undefined,
        joinRule: '',
        historyVisibility: '',
      }),
    );
    if (outcome.kind !== 'answered' || !outcome.answer.room) {
      this.oracle.report('failed', `${planned.name} could not be made`);
      return;
    }
    const room = { roomId: outcome.answer.room.roomId, user: owner };
    this.oracle.addRoom(room.roomId, planned.name);
    this.made.set(planned, room);
    this.all.push(room);
  }
}
