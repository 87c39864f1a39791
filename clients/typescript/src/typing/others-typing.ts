import type { Typing } from '@parlance/proto';
import type { RoomStep, RoomStore } from '../rooms/room-store.js';
import type { Clock } from '../time/clock.js';

const forgottenAfterMs = 12_000;

/** Keeps who is typing: for 12 s after they last said so, or until they say that they stopped or send something. */
export class OthersTyping {
  constructor(
    private readonly store: RoomStore,
    private readonly clock: Clock,
  ) {}

  /** Somebody said that they type, or no longer. */
  take({ roomId, userId, isTyping }: Typing): void {
    this.store.apply(roomId, {
      kind: 'typing',
      userId,
      until: isTyping ? this.clock.now() + forgottenAfterMs : undefined,
    });
    if (isTyping) this.clock.after(forgottenAfterMs, () => this.forget(roomId));
  }

  private forget(roomId: string): void {
    this.store.apply(roomId, { kind: 'timePassed', now: this.clock.now() });
  }
}

/** Who began or stopped typing in one change of a room. Pure. */
export function typingChanges({ roomId, before, after }: RoomStep): readonly Typing[] {
  if (!before || !after || before.typing === after.typing) return [];
  const began = [...after.typing.keys()].filter((userId) => !before.typing.has(userId));
  const stopped = [...before.typing.keys()].filter((userId) => !after.typing.has(userId));
  return [
    ...began.map((userId) => ({ roomId, userId, isTyping: true })),
    ...stopped.map((userId) => ({ roomId, userId, isTyping: false })),
  ];
}
