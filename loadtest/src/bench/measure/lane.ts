import { setTimeout as delay } from 'node:timers/promises';
import { Crowd } from '../crowd/crowd.ts';
import type { CrowdRoom } from '../crowd/load.ts';
import type { RunningSystem } from '../systems/running-system.ts';

/** A crowd that is connected to a system and sits in rooms; ends with its crowd, not with the system. */
export interface Lane extends AsyncDisposable {
  readonly system: RunningSystem;
  readonly crowd: Crowd;
  readonly rooms: readonly CrowdRoom[];
}

/** How many people sit where. */
export interface Seating {
  readonly rooms: number;
  readonly members: number;
  /** Connections in all; those beyond the rooms sit in none. Default: as many as the rooms have members. */
  readonly connections?: number;
  /** So many use the real client, each in a room of its own; default: nobody. */
  readonly canaries?: number;
  /** How their ids begin, where a system has several crowds; default "user". */
  readonly prefix?: string;
}

/** Connects everybody and makes the rooms: connection `room * members + member` sits in one room. */
export async function openLane(system: RunningSystem, seating: Seating): Promise<Lane> {
  const stack = new AsyncDisposableStack();
  try {
    const crowd = stack.use(Crowd.start());
    const { connections = seating.rooms * seating.members, prefix = 'user', canaries = 0 } = seating;
    const isCanary = (connection: number): boolean =>
      connection % seating.members === 0 && connection / seating.members < canaries;
    const userOf = (connection: number): string => `${prefix}-${connection}`;
    await crowd.open(
      Array.from({ length: connections }, (_, index) => ({
        ...system.addressOf(userOf(index), index),
        canary: isCanary(index),
      })),
    );
    const rooms: CrowdRoom[] = [];
    for (let number = 0; number < seating.rooms; number++) {
      const members = Array.from({ length: seating.members }, (_, member) => number * seating.members + member);
      const id = await system.createRoom({
        number,
        users: members.map(userOf),
        request: (member, name, payload) => crowd.request(members[member] ?? 0, name, payload),
      });
      rooms.push({ id, members });
    }
    await delay(500);
    return { system, crowd, rooms, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}
