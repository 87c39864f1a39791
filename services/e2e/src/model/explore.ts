import { actionsWithin } from './actions/actions.js';
import { forgetDeadCommands } from './actions/server-actions.js';
import { type Action, type EventKind, eventKinds, type Invariant, type Step } from './actions/step.js';
import { type Bounds, predecessors } from './bounds.js';
import { brokenPromise } from './invariants.js';
import { type Event, retell } from './retell.js';
import type { Rules } from './rules.js';
import { copyWorld } from './world/copy-world.js';
import { StateCodec } from './world/state-codec.js';
import { StateStore } from './world/state-store.js';
import { newWorld, type World } from './world/world.js';

/** What an exploration found. */
export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** Length of the longest shortest way to a state. */
  readonly depth: number;
  /** States in which nothing is left to do unless a fault happens. */
  readonly quiescent: number;
  /** What has happened on the way to some state. */
  readonly kinds: ReadonlySet<EventKind>;
  /** Bytes of the visited states. */
  readonly bytes: number;
  /** The nearest state that breaks a promise; undefined when no state does. */
  readonly broken: Counterexample | undefined;
}

/** The shortest way to a broken promise. */
export interface Counterexample {
  readonly invariant: Invariant;
  readonly events: readonly Event[];
}

/**
 * Visits every state that can be reached within the bounds, nearest first, and checks every promise in each. With
 * `only`, other promises may be broken. Ends at the first broken promise.
 */
export function explore(bounds: Bounds, rules: Rules, only?: Invariant): Exploration {
  return new Explorer(bounds, rules, only).run();
}

class Explorer implements Step {
  readonly predecessors: readonly number[];
  readonly from: World;
  private readonly next: World;
  private readonly actions: readonly Action[];
  private readonly codec: StateCodec;
  private readonly store = new StateStore();
  private current = -1;
  private readonly kinds = new Set<EventKind>();
  private transitions = 0;
  private works = 0;
  private quiescent = 0;
  private broken: { readonly invariant: Invariant; readonly state: number } | undefined;

  constructor(
    readonly bounds: Bounds,
    readonly rules: Rules,
    private readonly only: Invariant | undefined,
  ) {
    this.predecessors = predecessors(bounds);
    this.from = newWorld(bounds);
    this.next = newWorld(bounds);
    this.actions = actionsWithin(bounds);
    this.codec = new StateCodec(bounds);
  }

  run(): Exploration {
    const { store } = this;
    store.add(this.codec.encode(newWorld(this.bounds)), -1);
    let depth = 0;
    for (let layerEnd = 1; this.current + 1 < store.size && !this.broken; ) {
      this.expand(this.current + 1);
      if (this.current + 1 === layerEnd && layerEnd < store.size) {
        layerEnd = store.size;
        depth += 1;
      }
    }
    const { transitions, quiescent, kinds, broken } = this;
    const story = broken && { invariant: broken.invariant, events: this.walk(store.path(broken.state)) };
    return { states: store.size, transitions, depth, quiescent, kinds, bytes: store.bytes, broken: story };
  }

  fork(): World {
    copyWorld(this.from, this.next);
    return this.next;
  }

  emit(kind: EventKind): void {
    this.transitions += 1;
    this.kinds.add(kind);
    if (eventKinds[kind] === 'work') this.works += 1;
    forgetDeadCommands(this.next, this.rules);
    const isNew = this.store.add(this.codec.encode(this.next), this.current);
    if (isNew) this.check(this.next, this.store.size - 1, false);
  }

  private expand(state: number): void {
    this.current = state;
    const { block, start } = this.store.locate(state);
    this.codec.decode(block, start, this.from);
    this.works = 0;
    for (const action of this.actions) action(this);
    if (this.works > 0) return;
    this.quiescent += 1;
    this.check(this.from, state, true);
  }

  private check(world: World, state: number, quiescent: boolean): void {
    if (this.broken) return;
    const invariant = brokenPromise(this, world, quiescent);
    if (invariant && (this.only === undefined || this.only === invariant)) this.broken = { invariant, state };
  }

  /** Walks the path again with the pods and writers keeping their names, which encodings do not. */
  private walk(path: readonly number[]): Event[] {
    const events: Event[] = [];
    let before = newWorld(this.bounds);
    for (const state of path.slice(1)) {
      const event = retell(this, before, (world) => this.store.find(this.codec.encode(world)) === state);
      events.push(event);
      before = event.after;
    }
    return events;
  }
}
