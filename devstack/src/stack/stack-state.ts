import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the supervisor tells others about itself, in a file beside its lock. */
export interface StackState {
  readonly phase: 'starting' | 'ready' | 'stopping';
  readonly supervisorPid: number;
  readonly supervisorLog: string | null;
  readonly parts: readonly StackPart[];
}

/** One running server or service, for tables. */
export interface StackPart {
  readonly name: string;
  readonly version: string;
  readonly address: string;
  readonly pid: number;
  readonly logFile: string;
}

/** Replaces the state as a whole. */
export function writeStackState(file: string, state: StackState): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(state, null, 2));
  renameSync(`${file}.new`, file);
}

/** The state last written; `undefined` when there is none. Says nothing about whether the supervisor still lives: its lock does. */
export function readStackState(file: string): StackState | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as StackState;
  } catch {
    return undefined;
  }
}

/** Nothing runs any more. */
export function removeStackState(file: string): void {
  rmSync(file, { force: true });
}

/** The files of a supervisor in the run folder. */
export function supervisorFiles(runDir: string): { readonly lock: string; readonly state: string } {
  return { lock: join(runDir, 'supervisor.lock'), state: join(runDir, 'stack.json') };
}
