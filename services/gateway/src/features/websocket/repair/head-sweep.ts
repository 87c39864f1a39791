import { everyBeat } from '@parlance/runtime';
import { ChatResilienceService } from './chat-resilience.service.js';
import { RoomListReconciler } from './room-list-reconciler.service.js';

/**
 * Compares all local rooms with the log every `HEAD_SWEEP_MS`, and lists the rooms of each local user every five
 * minutes: what nothing else noticed is found then (R9: events are hints).
 */
export class HeadSweep {
  private stopBeat: (() => void) | undefined;

  constructor(
    private readonly everyMs: number,
    private readonly resilience: ChatResilienceService,
    private readonly roomLists: RoomListReconciler,
  ) {}

  start(): void {
    this.stopBeat = everyBeat(this.everyMs, () => this.sweep());
  }

  stop(): void {
    this.stopBeat?.();
    this.resilience.stop();
    this.roomLists.stop();
  }

  private sweep(): void {
    this.resilience.checkAll();
    this.roomLists.checkDue();
  }
}
