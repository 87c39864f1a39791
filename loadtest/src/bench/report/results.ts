import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TargetResult } from '../targets/finding.ts';

/** All that is known, a target each from the run that measured it last. */
export interface Results {
  readonly targets: Readonly<Record<string, MeasuredTarget>>;
}

/** One target, and where its figures come from. */
export interface MeasuredTarget extends TargetResult {
  readonly title: string;
  /** Why it could not be measured, or not all of it. */
  readonly failed?: string;
  /** Of a run that only shows that everything runs; not there where it is 1. */
  readonly scale?: number;
  /** ISO 8601. */
  readonly measuredAt: string;
  readonly commit: string;
  readonly machine: string;
  /** How long it took. */
  readonly seconds: number;
}

/** What the file has; nothing where there is none. */
export async function readResults(file: string): Promise<Results> {
  const text = await readFile(file, 'utf8').catch(() => '{"targets":{}}');
  // JSON has no NaN, which is the value of what could not be measured.
  return JSON.parse(text, (key, value: unknown) => (key === 'value' && value === null ? Number.NaN : value)) as Results;
}

/** Puts one target in place of what the file had of it. */
export async function writeResult(file: string, name: string, measured: MeasuredTarget): Promise<void> {
  const { targets } = await readResults(file);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ targets: { ...targets, [name]: measured } }, null, 2)}\n`);
}
