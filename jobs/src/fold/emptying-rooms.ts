import { beginEmptying, endEmptying } from '@parlance/storage';
import type { JobContext } from '../job-context.js';

/** How long a right is given for at a time, milliseconds: a hold that is set meanwhile waits for it if this run dies. */
const rightMs = 10_000;

/** Rooms that one command concerns. */
const roomsAtATime = 500;

/**
 * The right to empty messages of some rooms (`beginEmptying`). A room with a hold is given up, and stays so; its name is kept
 * for people. Errors of all: what the driver throws.
 */
export class EmptyingRooms {
  /** Rooms that were given up, by the names of the holds on them. */
  readonly held = new Map<string, string>();
  private _until = new Date(0);
  private freshUntil = 0;

  constructor(
    private readonly roomIds: readonly string[],
    private readonly job: Pick<JobContext, 'database' | 'run' | 'elapsedMs'>,
  ) {}

  /** What each write that empties has to come before. */
  get until(): Date {
    return this._until;
  }

  /** Has the right for most of the time that it is given for: asks only when it was asked some time ago. */
  async renew(): Promise<void> {
    if (this.job.elapsedMs() >= this.freshUntil) await this.begin();
  }

  /** Gets the right, or has it for longer. */
  async begin(forMs = rightMs): Promise<void> {
    const askedAt = this.job.elapsedMs();
    let first: Date | undefined;
    const free = this.roomIds.filter((roomId) => !this.held.has(roomId));
    for (const some of inParts(free)) {
      const { held, until } = await beginEmptying(this.job.database, some, this.job.run, forMs);
      for (const [roomId, name] of held) this.held.set(roomId, name);
      if (!first || until < first) first = until;
    }
    this._until = first ?? new Date(0);
    this.freshUntil = askedAt + forMs / 3;
  }

  /** Gives it back. Only when every write was answered. */
  async end(): Promise<void> {
    for (const some of inParts(this.roomIds)) await endEmptying(this.job.database, some, this.job.run);
  }
}

function inParts(roomIds: readonly string[]): string[][] {
  const parts: string[][] = [];
  for (let from = 0; from < roomIds.length; from += roomsAtATime) parts.push(roomIds.slice(from, from + roomsAtATime));
  return parts;
}
