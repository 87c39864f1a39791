import type { Rules } from '../rules.js';
import { insertDocument, isRefused } from '../world/collection.js';
import { commandMonth, firstDocument, withoutFirst } from '../world/detached-command.js';
import type { World } from '../world/world.js';
import { answerCommands } from './insert-actions.js';
import type { Action } from './step.js';

/** A majority gets the next record of a collection, in the order in which the primary wrote them. */
export const replicate: Action = (step) => {
  for (const [month, { entries, committed }] of step.from.months.entries()) {
    if (committed === entries.length) continue;
    const world = step.fork();
    world.months[month as 0 | 1].committed += 1;
    answerCommands(step, world);
    step.emit('replicate', month, entries[committed]);
  }
  const { chain } = step.from;
  if (chain.firstId === 0 || chain.committed === 1) return;
  const world = step.fork();
  world.chain.committed = 1;
  step.emit('replicateChain');
};

/** A command that nobody waits for reaches the primary after all: its next document is inserted or ends it. */
export const landLate: Action = (step) => {
  for (const [index, command] of step.from.detached.entries()) {
    const world = step.fork();
    const landed = insertDocument(world, step.rules, commandMonth(command), firstDocument(command));
    const rest = landed ? withoutFirst(command) : 0;
    if (rest === 0) world.detached.splice(index, 1);
    else world.detached[index] = rest;
    step.emit('landLate', command, landed ? 1 : 0);
  }
};

/** Forgets the commands that can never land: a majority has what keeps their next document out. */
export function forgetDeadCommands({ detached, months }: World, rules: Rules): void {
  if (rules.indexes === 'none') return;
  for (let index = detached.length - 1; index >= 0; index--) {
    const command = detached[index] as number;
    const collection = months[commandMonth(command) as 0 | 1];
    if (isRefused(collection, rules, firstDocument(command), collection.committed)) detached.splice(index, 1);
  }
}
