import type { Bounds } from '../bounds.js';
import type { Rules } from '../rules.js';
import type { World } from '../world/world.js';

/** Everything that can happen next in one world, asked of one action after the other. */
export interface Step {
  readonly bounds: Bounds;
  readonly rules: Rules;
  /** By message: the one its writer sent before, or -1. */
  readonly predecessors: readonly number[];
  /** The world as it is. It must not be changed. */
  readonly from: World;
  /** A copy of it to change; there is one at a time. */
  fork(): World;
  /** The copy is a world that `from` can become. `subject` and `detail` say whom it happens to. */
  emit(kind: EventKind, subject?: number, detail?: number): void;
}

/** Emits every world that one kind of event can lead to. */
export type Action = (step: Step) => void;

/**
 * What can happen, and what kind of thing it is. `work`: happens sooner or later if nothing prevents it. `chance`: may
 * happen or not. `fault`: may happen as often as the bounds say.
 */
export const eventKinds = {
  send: 'work',
  repeat: 'work',
  giveUp: 'fault',
  expire: 'chance',
  load: 'work',
  push: 'work',
  searchPrevious: 'work',
  insert: 'work',
  land: 'work',
  closeMonth: 'work',
  landSeal: 'work',
  timeOut: 'fault',
  replicate: 'work',
  replicateChain: 'work',
  landLate: 'chance',
  failOver: 'fault',
  crash: 'fault',
  monthEnds: 'chance',
  clockBack: 'fault',
  counterBack: 'fault',
  deliver: 'work',
  lose: 'fault',
  checkHeads: 'work',
  pull: 'work',
  goAway: 'fault',
  comeBack: 'work',
  confirm: 'work',
  answerResume: 'work',
  takeResume: 'work',
} as const satisfies Record<string, 'work' | 'chance' | 'fault'>;

export type EventKind = keyof typeof eventKinds;

/** Promises that are checked; see `invariants.ts`. */
export type Invariant =
  | 'lost'
  | 'duplicate'
  | 'reordered'
  | 'gap'
  | 'equal ids'
  | 'phantom'
  | 'wrong ack'
  | 'unseen'
  | 'unanswered';
