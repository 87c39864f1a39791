import { isIP } from 'node:net';
import { z } from 'zod';

/** Schema of an address to bind: an IP address, IPv6 with or without brackets, or a host name. Becomes lower case, no brackets. */
export function bindHost() {
  return z
    .string()
    .transform((text) =>
      text
        .trim()
        .toLowerCase()
        .replace(/^\[(.*)\]$/, '$1'),
    )
    .refine((host) => isIP(host) !== 0 || /^[a-z0-9_][a-z0-9_.-]*$/.test(host), {
      message: 'must be an address or a host name, without scheme and port; 0.0.0.0 or :: for all',
    });
}
