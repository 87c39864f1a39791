import type { JobRun, Month } from '@parlance/client';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Bytes for people: `512 B`, `1.4 MiB`, `38 GiB`. Pure. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1_024 && unit < units.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  return `${unit === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A month by its name: `November 2026`. Pure. */
export function monthText(monthYear: string, locale?: string): string {
  const start = new Date(`${monthYear}-01T00:00:00Z`);
  return start.toLocaleDateString(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });
}

/** A day in UTC, as months are: `2 Dec 2026`. Pure. */
export function dayText(at: number, locale?: string): string {
  return new Date(at).toLocaleDateString(locale, { dateStyle: 'medium', timeZone: 'UTC' });
}

/** Bytes of a month, wherever they lie: in MongoDB, or in the archive alone. Pure. */
export function bytesOf({ bytes, archive }: Month): number {
  return bytes > 0 ? bytes : (archive?.bytes ?? 0);
}

/** What is wrong with the last run of a job, by kind: `2 placement, 1 zone`; empty when nothing is. Pure. */
export function findingsText({ findings }: JobRun): string {
  return findings.map(({ kind, count }) => `${count} ${kind}`).join(', ');
}
