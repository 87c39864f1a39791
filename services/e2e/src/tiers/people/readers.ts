import { setTimeout as delay } from 'node:timers/promises';
import { pick } from '../../seeded-random.js';
import type { Pod } from './pod.js';
import type { ReadableRoom, RoomReader } from './room-reader.js';

/** Who reads what, and for how long. */
export interface ReaderContext {
  readonly pods: readonly Pod[];
  readonly reader: RoomReader;
  /** May grow. */
  readonly rooms: readonly ReadableRoom[];
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** Rooms that are read at a time. */
const readersAtATime = 2;

/** A reader rests for so many times as long as it has read, and leaves the machine to others. */
const restShare = 3;

/** The shortest rest, milliseconds. */
const shortestRestMs = 30;

/** Reads whole rooms, one after the other and each in one of the two directions, until it is stopped. */
export async function keepReading({ pods, reader, rooms, random, signal }: ReaderContext): Promise<void> {
  const keepOn = async (): Promise<void> => {
    while (!signal.aborted) {
      const startedAt = performance.now();
      if (rooms.length > 0) {
        await reader.read(pick(pods, random), pick(rooms, random), random() < 0.5 ? 'forward' : 'backward');
      }
      await delay(Math.max(shortestRestMs, restShare * (performance.now() - startedAt)));
    }
  };
  await Promise.all(Array.from({ length: readersAtATime }, keepOn));
}
