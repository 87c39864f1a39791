import type { HeardEvent } from '@parlance/proto';
import { everyBeat, type Logger, waitFor } from '@parlance/runtime';
import type { RevocationTable } from './revocation-table.js';

const tickMs = 1_000;
const everyMs = 30_000;

/** Twice the time between two readings of all, so that none falls between them; and for clocks that differ. */
const latestMs = 60_000;
const startTimeoutMs = 2_000;
const retryMs = 50;

/**
 * Keeps the table of revocations, so that a revoked token is refused and its sockets are closed within 2 s: hears of
 * every revocation on the channels of all users, and does not rely on that. Every second it asks for those of the last
 * minute, which is one small query that an index answers, and every 30 s and at the start for all of them. So the bound
 * holds whoever has lost Redis, or is at the wrong one, without knowing it.
 */
export class RevocationWatch {
  private stopBeat: (() => void) | undefined;
  private isReading = false;
  /** The start gives up waiting for it before it ends. */
  private readingAll: Promise<void> | undefined;
  private allReadAt = Number.NEGATIVE_INFINITY;
  private failing = false;

  constructor(
    private readonly table: RevocationTable,
    private readonly read: ReadRevocations,
    private readonly logger: Logger,
    private readonly elapsedMs: () => number,
  ) {}

  /** Takes an event of the chat service: a revocation is noted, any other is not for it. */
  heard({ type, userId, payload }: HeardEvent): void {
    const revokedBefore = type === 'chat:user:revoked' ? revokedBeforeOf(payload) : undefined;
    if (userId !== undefined && revokedBefore !== undefined) this.table.add(userId, revokedBefore);
  }

  /** Waits for the first reading, but not for ever: until it succeeds tokens are refused, and may be tried again. */
  async start(): Promise<void> {
    const options = { logger: this.logger, everyMs: retryMs, signal: AbortSignal.timeout(startTimeoutMs) };
    await waitFor('the list of revocations', () => this.readAll(), options).catch(() => {});
    this.stopBeat = everyBeat(tickMs, () => void this.tick(this.elapsedMs()));
  }

  stop(): void {
    this.stopBeat?.();
  }

  /** One reading at a time; failures are logged once in a row, and their end. Never rejects. */
  private async tick(now: number): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    try {
      if (this.table.isLoaded && now - this.allReadAt < everyMs) await this.readLatest();
      else await this.readAll();
      if (this.failing) this.logger.info('revocations are read again');
      this.failing = false;
    } catch (thrown) {
      if (!this.failing) this.logger.warn({ err: thrown }, 'revocations cannot be read');
      this.failing = true;
    }
    this.isReading = false;
  }

  private readAll(): Promise<void> {
    this.readingAll ??= this.readAllNow().finally(() => (this.readingAll = undefined));
    return this.readingAll;
  }

  private async readAllNow(): Promise<void> {
    const startedAt = this.elapsedMs();
    this.table.beginLoad();
    this.table.load(await this.read());
    this.allReadAt = startedAt;
  }

  private async readLatest(): Promise<void> {
    for (const { userId, revokedBefore } of await this.read(latestMs)) this.table.add(userId, revokedBefore);
  }
}

/** Asks the chat service for all revocations in force, or for those made within this time before now, milliseconds. */
export type ReadRevocations = (
  withinMs?: number,
) => Promise<readonly { readonly userId: string; readonly revokedBefore: number }[]>;

/** The number in the payload of a `chat:user:revoked`, or undefined when there is none. */
function revokedBeforeOf(payload: Uint8Array): number | undefined {
  try {
    const { revokedBefore } = JSON.parse(new TextDecoder().decode(payload)) as { readonly revokedBefore?: unknown };
    return Number.isSafeInteger(revokedBefore) ? (revokedBefore as number) : undefined;
  } catch {
    return undefined; // The next reading has it.
  }
}
