import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadLocations } from '../locations.config.js';
import { waitUntil } from '../wait-until.js';
import { signalGroup } from './child-guard.js';
import { isAlive, ownIdentity, type ProcessIdentity, processIdentity } from './process-identity.js';

/**
 * Writes down, in one file for this process, which children it has started, so that whoever comes after a SIGKILL of this
 * process can find and stop them. Files are replaced by rename: a reader never sees half of one.
 */
export class Ledger {
  private static readonly open = new Map<string, Ledger>();
  private readonly file: string;
  private readonly children = new Map<number, LedgerEntry>();
  private readonly owner = ownIdentity();

  /** The ledger of this process in `directory` (made when missing). */
  static in(directory: string): Ledger {
    const ledger = Ledger.open.get(directory) ?? new Ledger(directory);
    Ledger.open.set(directory, ledger);
    return ledger;
  }

  private constructor(directory: string) {
    mkdirSync(directory, { recursive: true });
    this.file = join(directory, `${this.owner.pid}-${randomUUID()}.json`);
  }

  /** Notes a child right after its start; one that is gone already is not noted. */
  add(name: string, pid: number): void {
    const identity = processIdentity(pid);
    if (identity === undefined) return;
    this.children.set(pid, { name, ...identity });
    this.write();
  }

  /** The child has ended. The file goes with the last child. */
  remove(pid: number): void {
    if (this.children.delete(pid)) this.write();
  }

  private write(): void {
    if (this.children.size === 0) return rmSync(this.file, { force: true });
    const record: LedgerRecord = { owner: this.owner, children: [...this.children.values()] };
    writeFileSync(`${this.file}.new`, JSON.stringify(record));
    renameSync(`${this.file}.new`, this.file);
  }
}

/** A child process as written down in the ledger. */
export interface LedgerEntry extends ProcessIdentity {
  readonly name: string;
}

/** What one ledger file holds: who started which children. */
export interface LedgerRecord {
  readonly owner: ProcessIdentity;
  readonly children: readonly LedgerEntry[];
}

/** The children of a record that must be stopped: all that still live, once their owner does not. */
export function leftoversOf(
  record: LedgerRecord,
  alive: (identity: ProcessIdentity) => boolean,
): readonly LedgerEntry[] {
  return alive(record.owner) ? [] : record.children.filter(alive);
}

/**
 * Stops the children of dead owners written down in `directory`, the checkout's own by default: SIGTERM, and SIGKILL after `graceMs` (default 5000).
 * Returns what it stopped. A pid that now belongs to somebody else is left alone.
 */
export async function sweepLeftovers(
  directory = loadLocations().ledgerDir,
  graceMs = 5_000,
): Promise<readonly LedgerEntry[]> {
  const stopped: LedgerEntry[] = [];
  for (const file of ledgerFiles(directory)) {
    const record = readRecord(file);
    if (record !== undefined && isAlive(record.owner)) continue;
    const leftovers = record === undefined ? [] : leftoversOf(record, isAlive);
    await Promise.all(leftovers.map((child) => endStranger(child, graceMs)));
    stopped.push(...leftovers);
    rmSync(file, { force: true });
  }
  return stopped;
}

/**
 * Ends a process that is not our child, so its end can only be polled for. With its group where it leads one: a supervisor that
 * make has started does not.
 */
export async function endStranger(target: LedgerEntry, graceMs: number): Promise<void> {
  const gone = (timeoutMs: number): Promise<boolean> =>
    waitUntil(() => (isAlive(target) ? undefined : true), {
      what: `the end of ${target.name} (pid ${target.pid})`,
      timeoutMs,
      everyMs: 10,
    });
  signalWhole(target.pid, 'SIGTERM');
  signalWhole(target.pid, 'SIGCONT'); // a paused process only sees SIGTERM once it runs again
  try {
    await gone(graceMs);
  } catch {
    signalWhole(target.pid, 'SIGKILL');
    await gone(5_000);
  }
}

function signalWhole(pid: number, signal: NodeJS.Signals): void {
  if (signalGroup(pid, signal)) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone, which is what is wanted.
  }
}

function ledgerFiles(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(directory, name));
  } catch {
    return [];
  }
}

function readRecord(file: string): LedgerRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LedgerRecord;
  } catch {
    return undefined; // swept by another process in the meantime
  }
}
