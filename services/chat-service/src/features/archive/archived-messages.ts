import { setTimeout as delay } from 'node:timers/promises';
import { ChatError } from '@parlance/proto';
import type { Logger } from '@parlance/runtime';
import { ArchiveFault, type ArchiveReader, type ArchiveReference } from '@parlance/storage';
import type { ChatMetrics } from '../../metrics.js';
import type { IdRange, StoredSlot } from '../slots/message-store.js';
import { storedForm } from '../slots/slot.mapper.js';

/** The slots of archived months. What is given was compared with its hash; all errors are ArchiveFaults. */
export class ArchivedMessages {
  constructor(
    /** Undefined where no archive is configured. */
    private readonly reader: Pick<ArchiveReader, 'openMonth'> | undefined,
    private readonly metrics: Pick<ChatMetrics, 'archiveReads'>,
    private readonly logger: Pick<Logger, 'warn' | 'error'>,
  ) {}

  /** The slots of a room whose ids lie in a range, ascending, seals included. */
  async readRange(month: ArchiveReference, roomId: string, range: IdRange, timeMs: number): Promise<StoredSlot[]> {
    return this.counted(timeMs, async (reader) => {
      const opened = await reader.openMonth(month);
      return (await opened.readRange(roomId, range.from, range.to)).map(storedForm);
    });
  }

  /** The newest slots of a room, at most `limit`, ascending, seals included. */
  async readNewest(month: ArchiveReference, roomId: string, limit: number, timeMs: number): Promise<StoredSlot[]> {
    return this.counted(timeMs, async (reader) => {
      const opened = await reader.openMonth(month);
      const bounds = await opened.boundsOf(roomId);
      if (!bounds) return [];
      return (await opened.readRange(roomId, bounds.lastId - limit + 1, bounds.lastId)).map(storedForm);
    });
  }

  /** What a caller is told of a fault; it is logged with the object, and its part, that could not be read. */
  unavailable(fault: ArchiveFault, month: string): ChatError {
    const { trouble } = fault;
    const passes = trouble === 'unavailable';
    const tell = (fields: object, text: string): void =>
      passes ? this.logger.warn(fields, text) : this.logger.error(fields, text);
    tell({ err: fault, month, trouble }, `the archive of ${month} cannot be read: ${fault.message}`);
    return new ChatError('ARCHIVE_UNAVAILABLE', { cause: fault });
  }

  private async counted<Result>(
    timeMs: number,
    read: (reader: Pick<ArchiveReader, 'openMonth'>) => Promise<Result>,
  ): Promise<Result> {
    try {
      if (!this.reader) throw new ArchiveFault('unavailable', 'no archive is configured (ARCHIVE_DRIVER)');
      const result = await within(timeMs, read(this.reader));
      this.metrics.archiveReads.inc({ result: 'ok' });
      return result;
    } catch (thrown) {
      const trouble = thrown instanceof ArchiveFault ? thrown.trouble : 'broken';
      this.metrics.archiveReads.inc({ result: trouble });
      throw thrown;
    }
  }
}

async function within<Result>(timeMs: number, reading: Promise<Result>): Promise<Result> {
  const ended = new AbortController();
  const late = delay(timeMs, undefined, { signal: ended.signal }).then(() => {
    throw new ArchiveFault('unavailable', `the archive has not answered within ${timeMs} ms`);
  });
  late.catch(() => undefined); // Ended, when the archive was faster.
  try {
    return await Promise.race([reading, late]);
  } finally {
    ended.abort();
    reading.catch(() => undefined); // Nobody waits for what comes too late; the next read meets its fault again.
  }
}
