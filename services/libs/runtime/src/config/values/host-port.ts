import { isIPv6 } from 'node:net';

/** An address as one text, with IPv6 in brackets. */
export function hostPort(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
