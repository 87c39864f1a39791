/** VUs that share the rooms as long as there are few people: each is an engine of its own. */
const fewVus = 5;
/** People of a VU. */
const peoplePerVu = 200;
/** What a room takes. */
const peoplePerRoom = 1_000;

/**
 * Which VU has which rooms, and who is in them: every room with all its people belongs to one VU, so that runs can be split over several
 * k6 (by execution segments) without a word between them. Pure.
 *
 * @throws Error that names the variable for a size that cannot be.
 */
export function roomPlan({ SOCKETS: sockets, ROOMS: rooms }: RoomPlanSize): RoomPlan {
  if (sockets < 2 * rooms) throw new Error(`ROOMS=${rooms} needs SOCKETS=${2 * rooms} or more: two in each room`);
  if (sockets > peoplePerRoom * rooms)
    throw new Error(`SOCKETS=${sockets} needs ROOMS=${Math.ceil(sockets / peoplePerRoom)} or more: a room takes 1,000`);
  const vus = Math.min(rooms, Math.max(fewVus, Math.ceil(sockets / peoplePerVu)));
  const share = (total: number, part: number, parts: number): number => Math.floor((total * part) / parts);
  return {
    vus,
    roomsOf: (vu) => {
      const first = share(rooms, vu, vus);
      return Array.from({ length: share(rooms, vu + 1, vus) - first }, (_, index) => {
        const number = first + index;
        const firstPerson = share(sockets, number, rooms);
        return { number, firstPerson, people: share(sockets, number + 1, rooms) - firstPerson };
      });
    },
  };
}

/** See {@link roomPlan}. */
export interface RoomPlan {
  readonly vus: number;
  /** @param vu from 0. */
  readonly roomsOf: (vu: number) => readonly PlannedRoom[];
}

/** Numbers from 0, over all rooms and all people of the run. */
export interface PlannedRoom {
  readonly number: number;
  readonly firstPerson: number;
  readonly people: number;
}

/** What can be said from outside. */
export interface RoomPlanSize {
  readonly SOCKETS: number;
  readonly ROOMS: number;
}
