import { type Finding, verdict } from '../targets/finding.ts';

/** The table of a run: what was measured, its limit, pass or miss. */
export function targetTable(findings: readonly Finding[]): string {
  const rows = findings.map((finding) => [
    finding.target,
    verdict(finding),
    shown(finding.value, finding.unit),
    limitOf(finding),
    finding.what,
    finding.detail ?? '',
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(([target = '', passed = '', value = '', limit = '', what = '', detail = '']) => {
      const figures = [target, passed, value, limit].map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
      return `${figures}  ${what}${detail === '' ? '' : ` (${detail})`}`;
    })
    .join('\n');
}

/** "1.25 x", "340 us". */
export function shown(value: number, unit: string): string {
  if (Number.isNaN(value)) return '-';
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`.trim();
}

/** "<= 0.6 x". */
export function limitOf({ limit, unit }: Finding): string {
  return 'atMost' in limit ? `<= ${limit.atMost} ${unit}`.trim() : `>= ${limit.atLeast} ${unit}`.trim();
}
