import type { ConfigFault } from '../declaration/define-config.js';

/** Writes all faults as text for a person, one per line, with the way to see every variable. */
export function renderFaults(name: string, faults: readonly ConfigFault[]): string {
  const noun = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  const lines = faults.map((fault) => `  ${fault.env} ${fault.message}`);
  return `${name}: ${noun} in the configuration\n${lines.join('\n')}\nSee all variables with --help.\n`;
}
