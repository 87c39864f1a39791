import type { Logger } from '@parlance/runtime';
import type { GatewayMetrics } from '../../../metrics.js';
import type { LocalSocket, SocketLimits } from './local-socket.js';
import { TurnWrites } from './turn-writes.js';

/** How sockets are written to, how much one may leave unread, and what is noted when one is cut off for it. */
export class BackpressurePolicy implements SocketLimits {
  readonly writes = new TurnWrites((writes) => this.metrics.socketWrites.inc(writes));

  constructor(
    readonly maxBufferedBytes: number,
    private readonly metrics: GatewayMetrics,
    private readonly logger: Logger,
  ) {}

  onOverflow({ userId, socket }: LocalSocket): void {
    this.metrics.overflows.inc();
    this.logger.warn(
      { userId, socketId: socket.id, maxBufferedBytes: this.maxBufferedBytes },
      'socket cut off: it reads too slowly',
    );
  }
}
