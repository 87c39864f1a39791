import { hostname } from 'node:os';
import type { Logger } from '@parlance/runtime';
import {
  announcementMs,
  announceService,
  type ChatDatabase,
  readRestoreMark,
  withdrawService,
} from '@parlance/storage';

/**
 * Tells in MongoDB that this pod writes, so that no backup is restored over it, and waits for one that is being restored: what
 * lies there meanwhile is half of it.
 */
export class ServiceAnnouncement {
  private timer: NodeJS.Timeout | undefined;
  private last: Promise<void> = Promise.resolve();
  private why: string | undefined;

  constructor(
    private readonly database: ChatDatabase,
    private readonly logger: Pick<Logger, 'debug'>,
    /** Random text of this process. */
    private readonly token: string,
  ) {}

  /**
   * Announces the pod, and goes on doing so.
   * @throws a restore has not ended; those of the driver. Then call it again.
   */
  async begin(): Promise<void> {
    await this.announce();
    this.timer ??= setInterval(() => {
      this.last = this.announce().catch((error: unknown) =>
        this.logger.debug({ err: error }, 'the announcement could not be repeated'),
      );
    }, announcementMs / 3);
    this.timer.unref();
    const mark = await readRestoreMark(this.database);
    if (!mark) return;
    await this.end();
    throw new Error(`the restore of backup ${mark.sequence} of chain ${mark.chain} has not ended`);
  }

  /** Takes it back: this pod writes nothing any more. Never rejects; what MongoDB does not hear ends by its own time. */
  async end(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.last;
    await withdrawService(this.database, this.token).catch((error: unknown) =>
      this.logger.debug({ err: error }, 'the announcement could not be taken back'),
    );
  }

  /** A health check: whether a majority has confirmed the last announcement. @throws Error when it has not. */
  requireConfirmed(): void {
    if (this.why !== undefined) throw new Error(`a majority did not confirm a write: ${this.why}`);
  }

  private async announce(): Promise<void> {
    const holder = `chat-service (process ${process.pid} on ${hostname()})`;
    try {
      await announceService(this.database, { token: this.token, holder });
      this.why = undefined;
    } catch (error) {
      this.why = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }
}
