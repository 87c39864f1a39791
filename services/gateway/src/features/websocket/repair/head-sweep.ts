import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { GatewayConfig } from '../../../config.js';
import { CONFIG } from '../../../injection-tokens.js';
import { ChatResilienceService } from './chat-resilience.service.js';
import { RoomListReconciler } from './room-list-reconciler.service.js';

/**
 * Compares all local rooms with the log every `HEAD_SWEEP_MS`, and lists the rooms of each local user every five
 * minutes: what nothing else noticed is found then (R9).
 */
@Injectable()
export class HeadSweep implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    private readonly resilience: ChatResilienceService,
    private readonly missed: RoomListReconciler,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.sweep(), this.config.headSweepMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.resilience.stop();
    this.missed.stop();
  }

  private sweep(): void {
    this.resilience.checkAll();
    this.missed.checkDue(Date.now());
  }
}
