import { freePorts, isPortFree } from './free-ports.js';

/**
 * The ports a caller named, once it is sure that there are `count` of them and that nobody listens on any (or the server would
 * fail while its neighbour on that port looks alive); free ones when the caller named none.
 */
export async function demandPorts(
  ports: readonly number[] | undefined,
  count: number,
  what: string,
): Promise<readonly number[]> {
  if (ports === undefined) return freePorts(count);
  if (ports.length !== count) throw new Error(`${what} needs ${count} ports, but was given ${ports.length}`);
  const free = await Promise.all(ports.map(isPortFree));
  const taken = ports.filter((_, index) => free[index] === false);
  if (taken.length > 0) throw new Error(`${what} cannot start: port ${taken.join(', ')} is taken by another program`);
  return ports;
}
