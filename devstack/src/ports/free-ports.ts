import { createServer } from 'node:net';

/**
 * `count` TCP ports that nobody listens on now. They lie below the range from which systems pick ports for outgoing
 * connections, and two processes begin their search in different places, so a port is rarely lost between this answer and
 * its use. One process never hands out a port twice.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  for (let tried = 0; ports.length < count; tried++) {
    if (tried > SPAN) throw new Error(`no ${count} free ports between ${FIRST} and ${FIRST + SPAN}`);
    const port = nextCandidate();
    if (await isPortFree(port)) ports.push(port);
  }
  return ports;
}

/** Whether a server could listen on `port` on this machine, on the loopback address as well as on all addresses. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '0.0.0.0')) && (await canListen(port, '::'));
}

const FIRST = 20_000;
const SPAN = 12_000;
let offset = (process.pid * 61) % SPAN;

function nextCandidate(): number {
  const port = FIRST + offset;
  offset = (offset + 1) % SPAN;
  return port;
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
