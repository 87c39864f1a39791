import { setTimeout as passed } from 'node:timers/promises';
import type { Progress } from '@parlance/devstack';
import { as, type Pod } from '../../tiers/people/pod.js';
import type { ReadableRoom } from '../../tiers/people/room-reader.js';
import { type Quantiles, quantilesOf } from './quantiles.js';

/** How long senders waited for their acknowledgement, milliseconds. */
export interface MovesReport {
  readonly without: Quantiles;
  readonly during: Quantiles;
  /** Seconds of each job. */
  readonly seconds: readonly number[];
}

/** What is measured. */
export interface MovesContext {
  readonly pod: Pod;
  /** Each has one sender. */
  readonly rooms: readonly ReadableRoom[];
  /** Jobs that move months, one after the other; each resolves when it is done. */
  readonly moves: readonly (() => Promise<void>)[];
  readonly progress: Progress;
}

/** A sender waits so long from one message to the next, milliseconds. */
const paceMs = 40;

/** No window without a job is longer, milliseconds. */
const quietMs = 20_000;

/**
 * Sends into the current month all the time. Windows with a job and windows without one take turns, as long as each other where
 * that is not too long; what is sent in one is counted to it.
 */
export async function measureMoves({ pod, rooms, moves, progress }: MovesContext): Promise<MovesReport> {
  const [without, during, seconds]: [number[], number[], number[]] = [[], [], []];
  let window: number[] | undefined;
  const stop = new AbortController();
  const senders = rooms.map(async (room, index) => {
    await passed((paceMs * index) / rooms.length);
    for (let number = 0; !stop.signal.aborted; number++) {
      const into = window;
      const tookMs = await sendMs(pod, room, number);
      into?.push(tookMs);
      await passed(Math.max(0, paceMs - tookMs));
    }
  });
  const work = async (): Promise<void> => {
    try {
      // What is loaded and compiled by the first messages is no matter of the moves.
      await passed(3_000);
      for (const [index, move] of moves.entries()) {
        progress.step(`sending while months move, ${index + 1} of ${moves.length}`);
        const startedAt = performance.now();
        window = during;
        await move();
        const tookMs = performance.now() - startedAt;
        seconds.push(tookMs / 1_000);
        progress.step(`sending while nothing moves, ${index + 1} of ${moves.length}`);
        window = without;
        await passed(Math.min(tookMs, quietMs));
        window = undefined;
      }
    } finally {
      stop.abort();
    }
  };
  await Promise.all([work(), ...senders]);
  return { without: quantilesOf(without), during: quantilesOf(during), seconds };
}

async function sendMs(pod: Pod, { roomId, user }: ReadableRoom, number: number): Promise<number> {
  const request = {
    roomId,
    content: `message ${number} while months move`,
    clientMessageId: `bench:${number}`,
    messageType: 'text',
    metadataJson: '',
  };
  const startedAt = performance.now();
  await pod.operations.sendMessage(as(user), request);
  return performance.now() - startedAt;
}
