import type { ClientEventMap } from '../client-event-map.js';
import type { Emitter } from '../emitter.js';
import { typingChanges } from '../typing/others-typing.js';
import type { RoomStep, RoomStore } from './room-store.js';

/** Tells the listeners of a client what changes in rooms, and once a turn that any has changed. */
export class RoomNews {
  private tellsRooms = false;

  constructor(
    private readonly events: Emitter<ClientEventMap>,
    private readonly store: RoomStore,
  ) {}

  /** Tells one change. */
  tell(step: RoomStep): void {
    const view = this.store.view(step.roomId);
    if (view) this.events.emit('room', view);
    for (const message of step.shown)
      if (message.messageId > (step.after?.oldUpTo ?? 0)) this.events.emit('message', message);
    for (const change of typingChanges(step)) this.events.emit('typing', change);
    if (this.tellsRooms) return;
    this.tellsRooms = true;
    queueMicrotask(() => {
      this.tellsRooms = false;
      this.events.emit('rooms', this.store.views);
    });
  }
}
