import { actionsWithin } from './actions/actions.js';
import { forgetDeadCommands } from './actions/server-actions.js';
import type { EventKind, Step } from './actions/step.js';
import type { Bounds } from './bounds.js';
import type { Rules } from './rules.js';
import type { World } from './world/world.js';

/** Something that happened, with the world before and after. `subject` and `detail` as in {@link Step.emit}. */
export interface Event {
  readonly kind: EventKind;
  readonly subject: number;
  readonly detail: number;
  readonly before: World;
  readonly after: World;
}

/** The event that leads from one world to a wanted one. Throws when there is none. */
export function retell(
  step: Pick<Step, 'bounds' | 'rules' | 'predecessors'>,
  before: World,
  isWanted: (world: World) => boolean,
): Event {
  const search = new Search(step, before, isWanted);
  for (const action of actionsWithin(step.bounds)) action(search);
  if (!search.found) throw new Error('a state was reached that no event leads to');
  return search.found;
}

class Search implements Step {
  readonly bounds: Bounds;
  readonly rules: Rules;
  readonly predecessors: readonly number[];
  found: Event | undefined;
  private next: World;

  constructor(
    step: Pick<Step, 'bounds' | 'rules' | 'predecessors'>,
    readonly from: World,
    private readonly isWanted: (world: World) => boolean,
  ) {
    this.bounds = step.bounds;
    this.rules = step.rules;
    this.predecessors = step.predecessors;
    this.next = structuredClone(from);
  }

  fork(): World {
    this.next = structuredClone(this.from);
    return this.next;
  }

  emit(kind: EventKind, subject = 0, detail = 0): void {
    forgetDeadCommands(this.next, this.rules);
    if (!this.found && this.isWanted(this.next))
      this.found = { kind, subject, detail, before: this.from, after: this.next };
  }
}
