import { isIPv6 } from 'node:net';
import { z } from 'zod';

/**
 * Schema of a comma-separated list of server addresses, as people write them: a host in any case, IPv6 in brackets, with or
 * without port, one of `schemes` before it and a slash behind it. Each becomes host (lower case, no brackets) and port.
 * What would be read and not used (a user, a path, another scheme) is a fault that says what to write.
 */
export function addressList(options: AddressListOptions) {
  return z
    .string()
    .meta({ title: 'comma-separated list of host:port' })
    .transform((text, context): readonly Address[] => {
      const items = text.split(',').map((item) => item.trim());
      const addresses = items
        .filter((item) => item !== '')
        .map((item, index) => {
          const address = parseAddress(item, options);
          if (typeof address !== 'string') return address;
          context.addIssue({ code: 'custom', message: `item ${index + 1} ${address}` });
          return z.NEVER;
        });
      if (addresses.length === 0) context.addIssue({ code: 'custom', message: 'names no address' });
      return addresses;
    });
}

/** How addresses of one kind of server are written. */
export interface AddressListOptions {
  /** Taken where none is written. */
  readonly defaultPort: number;
  /** May stand before the address and change nothing, such as `redis`. */
  readonly schemes: readonly string[];
  /** May stand before an address and stay with it, since they say how it is found. */
  readonly keptSchemes?: readonly string[];
  /** What to do in place of writing these schemes, as the end of a sentence. */
  readonly hints?: Readonly<Record<string, string>>;
}

/** One server address. IPv6 without brackets. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** The one of `keptSchemes` that it was written with. */
  readonly scheme?: string;
}

/** The address, or what is wrong with it, as the end of a sentence. */
function parseAddress(item: string, options: AddressListOptions): Address | string {
  const { defaultPort, schemes, keptSchemes = [], hints = {} } = options;
  const [, scheme, rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/\/?)?(.*)$/i.exec(item) ?? [];
  const known = scheme?.toLowerCase();
  const kept = known !== undefined && keptSchemes.includes(known) ? { scheme: known } : {};
  if (known !== undefined && !schemes.includes(known) && !('scheme' in kept))
    return hints[known] ?? 'has a scheme: write host:port';
  if (rest.includes('@')) return 'holds a user or a password: write host:port, and them into their own variables';
  const [, bracketed, bare, digits, behind] = /^(?:\[([^\]]*)\]|([^\s:[\]/?#]*))(?::(\d{1,5}))?(.*)$/.exec(rest) ?? [];
  if (behind?.startsWith(':')) return 'is not host:port; write IPv6 in brackets, as [::1]:6379';
  if (behind !== '' && behind !== '/') return 'has something behind the port: write host:port';
  const port = digits === undefined ? defaultPort : Number(digits);
  const host = (bracketed ?? bare ?? '').toLowerCase();
  const valid = bracketed === undefined ? /^[a-z0-9_](?:[a-z0-9_.-]*)$/.test(host) : isIPv6(host);
  return valid && port >= 1 && port <= 65_535 ? { host, port, ...kept } : 'is not host:port';
}
