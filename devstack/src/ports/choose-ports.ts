import type { PortRange } from '../config.js';
import { freePorts, isPortFree } from './free-ports.js';

/**
 * Turns wanted ports into usable ones. A taken default port is replaced by a free one; a taken port that the user set is an
 * error that names it and its variable. `reserved` holds ports already promised to others in this start, and gets these too. `onMove`
 * hears a line about each port that was replaced.
 */
export async function choosePorts(
  range: PortRange,
  reserved: Set<number>,
  what: string,
  onMove: (line: string) => void = () => undefined,
): Promise<readonly number[]> {
  const isFree = async (port: number): Promise<boolean> => !reserved.has(port) && (await isPortFree(port));
  const checked = await Promise.all(range.ports.map(async (port) => ({ port, free: await isFree(port) })));
  const taken = checked.filter(({ free }) => !free).map(({ port }) => port);
  if (taken.length > 0 && range.explicit) throw new PortTakenError(range, taken, what);
  const replacements = [...(await freePorts(taken.length))];
  const ports = checked.map(({ port, free }) => {
    if (free) return port;
    const replacement = replacements.shift() as number;
    onMove(`port ${port} is taken by another program: ${what} gets ${replacement} (${range.variable} sets another)`);
    return replacement;
  });
  for (const port of ports) reserved.add(port);
  return ports;
}

/** A port the user insists on is in use. */
class PortTakenError extends Error {
  constructor(range: PortRange, taken: readonly number[], what: string) {
    const ports = taken.length === 1 ? `port ${taken[0]} is` : `ports ${taken.join(', ')} are`;
    super(
      `${capitalised(what)} cannot start: ${range.variable}=${range.ports[0]} was set, but ${ports} taken by another program. Stop that program, set ${range.variable} to something else, or unset it to get any free port.`,
    );
    this.name = 'PortTakenError';
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
