import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { type Logger, waitFor } from '@parlance/runtime';
import { LOGGER } from '../../../tokens.js';
import { RevocationTable } from '../../auth/revocation-table.js';
import { ChatPubSubService } from './chat-pubsub.service.js';
import { RoomQueries } from './room-queries.service.js';

/**
 * Keeps the table of revocations, so that a revoked token is refused and its sockets are closed within 2 s: hears of
 * every revocation on the channels of all users, and while any channel is interrupted reads all of them every second.
 * That costs one query a second and gateway, over revocations of the last 90 days. It reads them too at the start, when
 * an interruption begins and ends, and every 30 s, in case a chat service could not publish one.
 */
@Injectable()
export class RevocationWatch implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private loading: Promise<void> | undefined;
  private next: Promise<void> | undefined;
  private readAt = Number.NEGATIVE_INFINITY;
  private failing = false;

  constructor(
    private readonly table: RevocationTable,
    private readonly queries: RoomQueries,
    private readonly pubsub: ChatPubSubService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.pubsub.onEvent(({ type, userId, body }) => {
      const revokedBefore = type === 'chat:user:revoked' ? revokedBeforeOf(body) : undefined;
      if (userId !== undefined && revokedBefore !== undefined) this.table.add(userId, revokedBefore);
    });
    this.pubsub.onInterrupted(() => void this.read());
    this.pubsub.onResubscribed(() => void this.read());
  }

  /** Waits for the first reading, but not for ever: until it succeeds tokens are refused, and may be tried again. */
  async onApplicationBootstrap(): Promise<void> {
    const options = { logger: this.logger, everyMs: retryMs, signal: AbortSignal.timeout(startTimeoutMs) };
    await waitFor('the list of revocations', () => this.load(), options).catch(() => {});
    this.timer = setInterval(() => this.tick(performance.now()), tickMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private tick(now: number): void {
    const dueAfterMs = this.pubsub.isInterrupted || !this.table.isLoaded ? 0 : everyMs;
    if (now - this.readAt >= dueAfterMs) void this.read();
  }

  /** Reads all revocations; failures are logged once in a row. Never rejects. */
  private async read(): Promise<void> {
    try {
      await this.load();
      this.failing = false;
    } catch (thrown) {
      if (!this.failing) this.logger.warn({ err: thrown }, 'revocations cannot be read');
      this.failing = true;
    }
  }

  /** One reading at a time. Who comes during one gets the next, since that one may not have what they ask for. */
  private load(): Promise<void> {
    if (this.loading !== undefined) {
      this.next ??= this.loading
        .catch(() => {}) // Its own caller sees it.
        .then(() => {
          this.next = undefined;
          return this.load();
        });
      return this.next;
    }
    this.loading = this.loadNow().finally(() => {
      this.loading = undefined;
    });
    return this.loading;
  }

  private async loadNow(): Promise<void> {
    this.table.beginLoad();
    this.table.load(await this.queries.listRevocations());
    this.readAt = performance.now();
  }
}

const tickMs = 1_000;
const everyMs = 30_000;
const startTimeoutMs = 2_000;
const retryMs = 50;

/** The number in the body of a `chat:user:revoked`, or undefined when there is none. */
function revokedBeforeOf(body: string): number | undefined {
  try {
    const { revokedBefore } = JSON.parse(body) as { readonly revokedBefore?: unknown };
    return Number.isSafeInteger(revokedBefore) ? (revokedBefore as number) : undefined;
  } catch {
    return undefined; // The next reading has it.
  }
}
