import type { DevstackConfig } from '../config.js';
import { readStackState, type StackPart, supervisorFiles } from '../stack/stack-state.js';
import { nextSteps, stackTable } from '../stack/stack-table.js';

/** What `up` says when all is ready: the table, and what to try next. */
export function nowRunning({ locations }: DevstackConfig, parts: readonly StackPart[], detached: boolean): string {
  return `\n${stackTable(parts, process.cwd())}\n\n${nextSteps(parts, locations.logDir, detached)}\n`;
}

/** What a second `up` says. */
export function alreadyRunning({ locations }: DevstackConfig, pid: number): string {
  const state = readStackState(supervisorFiles(locations.runDir).state);
  const doing = state === undefined || state.phase === 'ready' ? 'running' : state.phase;
  const table = state === undefined || state.parts.length === 0 ? '' : `:\n${stackTable(state.parts, process.cwd())}`;
  return `Parlance is ${doing} already in ${locations.parlanceDir} (supervisor pid ${pid})${table}`;
}
