import { dueTimes } from '../plan/due-times.ts';
import type { RoomMember } from '../room/room-member.ts';
import type { Gathering } from './gathering.ts';

/** Messages a second of one person in fan-out: below the default limit of 5. */
const perSpeaker = 4;

/** Everybody takes turns. */
export function send(gathering: Gathering, size: TalkSize): Promise<void> {
  return talk(gathering, size, gathering.size);
}

/** As many take turns as are needed for the rate, and the others listen. */
export function fanOut(gathering: Gathering, size: TalkSize): Promise<void> {
  return talk(gathering, size, Math.ceil(size.RATE / size.ROOMS / perSpeaker));
}

/** How much is said. */
export interface TalkSize {
  readonly ROOMS: number;
  /** Messages a second of the whole run. */
  readonly RATE: number;
  /** Seconds. */
  readonly DURATION: number;
}

async function talk(gathering: Gathering, { ROOMS, RATE, DURATION }: TalkSize, wanted: number): Promise<void> {
  const { stage, planned, members } = gathering;
  await Promise.all(members.map((member) => gathering.enter(member)));
  const speakers = members.filter(({ isPresent }) => isPresent).slice(0, wanted);
  // Rooms begin one after the other, or all would send in the same moment.
  const startMs = stage.now() + (planned.number * 1_000) / RATE;
  const speakOf = async (member: RoomMember, index: number): Promise<void> => {
    const sends: Promise<unknown>[] = [];
    const turns = { ratePerSecond: RATE / ROOMS, seconds: DURATION, of: speakers.length, index };
    for (const dueMs of dueTimes(turns)) {
      await gathering.until(startMs + dueMs);
      sends.push(gathering.speak(member, startMs + dueMs));
    }
    await Promise.all(sends);
  };
  await Promise.all(speakers.map(speakOf));
}
