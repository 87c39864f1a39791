import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileLock, tryFileLock } from '../process/file-lock.js';

/** Where {@link freePorts} looks. Below MongoDB's default ports: a stack takes its defaults without asking here. */
export const handedOut = { first: 20_000, count: 7_000 } as const;

/**
 * `count` TCP ports that nobody listens on now. They are this process's as long as it lives: no other process of this
 * machine that asks here is given one of them, even if nobody listens on it yet, or for a moment (a server that is
 * restarted). They lie below the range from which systems pick ports for outgoing connections.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  for (let tried = 0; ports.length < count; tried++) {
    if (tried > handedOut.count)
      throw new Error(`no ${count} free ports of the ${handedOut.count} from ${handedOut.first} on`);
    const port = nextCandidate();
    if (await isOursNow(port)) ports.push(port);
  }
  return ports;
}

/** Whether a server could listen on `port` on this machine, on the loopback address as well as on all addresses. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '0.0.0.0')) && (await canListen(port, '::'));
}

/** The lock that says whose a port is. One folder a user: a lock in a stranger's folder could not be taken. */
export function portLockFile(port: number): string {
  return join(tmpdir(), `parlance-ports-${process.getuid?.() ?? ''}`, String(port));
}
const held: FileLock[] = [];
let offset = (process.pid * 61) % handedOut.count;

function nextCandidate(): number {
  const port = handedOut.first + offset;
  offset = (offset + 1) % handedOut.count;
  return port;
}

async function isOursNow(port: number): Promise<boolean> {
  const lock = tryFileLock(portLockFile(port));
  if (!lock.taken) return false;
  const free = await isPortFree(port);
  if (free) hold(lock);
  else lock.release();
  return free;
}

/** A process that is killed releases nothing; its locks count as free since their holder is dead. */
function hold(lock: FileLock): void {
  if (held.length === 0) process.once('exit', () => held.forEach(({ release }) => release()));
  held.push(lock);
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      // No such address on this machine (IPv6 switched off) is no reason against the port.
      resolve(error.code === 'EAFNOSUPPORT' || error.code === 'EADDRNOTAVAIL');
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
