import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from '@parlance/runtime';
import type { GatewayConfig } from '../../../config.js';
import { CONFIG, LOGGER, METRICS } from '../../../injection-tokens.js';
import type { GatewayMetrics } from '../../../metrics.js';
import type { LocalSocket, SocketLimits } from './local-socket.js';

/** How much a socket may leave unread, and what is noted when one is cut off for it. */
@Injectable()
export class BackpressurePolicy implements SocketLimits {
  readonly maxBufferedBytes: number;

  constructor(
    @Inject(CONFIG) config: GatewayConfig,
    @Inject(METRICS) private readonly metrics: GatewayMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.maxBufferedBytes = config.maxBufferedBytes;
  }

  onOverflow({ userId, socket }: LocalSocket): void {
    this.metrics.overflows.inc();
    this.logger.warn(
      { userId, socketId: socket.id, maxBufferedBytes: this.maxBufferedBytes },
      'socket cut off: it reads too slowly',
    );
  }
}
