import { isIP, isIPv6 } from 'node:net';

/**
 * The address a request is counted under. With `trustedHops` proxies in front it is the entry of `X-Forwarded-For` that
 * the outermost of them wrote; entries before that are whatever the client liked to send. A port is left out, since it
 * differs with every connection. What is no address gives way to the next entry on the way here, at last to the peer, so
 * nobody can make up addresses to be counted under. Pure.
 *
 * An IPv6 client has a whole network at hand, so only the first 64 bits count; an IPv4 address that is written as IPv6
 * (mapped, or of NAT64) counts as what it is.
 */
export function clientAddress(
  remote: string | undefined,
  forwardedFor: string | undefined,
  trustedHops: number,
): string {
  const chain = [
    remote ?? '',
    ...(forwardedFor ?? '')
      .split(',')
      .filter((each) => each.trim() !== '')
      .toReversed(),
  ];
  const trusted = chain.slice(0, trustedHops + 1).map((each) => networkOf(each.trim()));
  return trusted.findLast((each) => each !== undefined) ?? 'unknown';
}

/** The network of an address as proxies write it: with or without port, brackets, quotes, a zone. */
function networkOf(text: string): string | undefined {
  const [, bracketed, bare = ''] = /^"?(?:\[([^\]]*)\](?::\d{1,5})?|([^"[\]]*))"?$/.exec(text) ?? [];
  const address = (bracketed ?? bare.replace(/^([\d.]+):\d{1,5}$/, '$1')).replace(/%.*$/s, '');
  if (!isIPv6(address)) return isIP(address) === 4 && bracketed === undefined ? address : undefined;
  const groups = groupsOf(address);
  return (
    embeddedIPv4(groups) ??
    `${groups
      .slice(0, 4)
      .map((group) => group.toString(16))
      .join(':')}::/64`
  );
}

/** The eight numbers of an IPv6 address in any of its forms (RFC 4291, section 2.2). */
function groupsOf(address: string): readonly number[] {
  // The URL parser knows all forms and writes one, without dots.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [first, last] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: 8 - (first?.length ?? 0) - (last?.length ?? 0) }, () => '0');
  return [...(first ?? []), ...zeros, ...(last ?? [])].map((group) => Number.parseInt(group, 16));
}

/** Of `::ffff:0:0/96` (RFC 4291) and of NAT64's `64:ff9b::/96` (RFC 6052), where all clients would share one network. */
function embeddedIPv4(groups: readonly number[]): string | undefined {
  const prefix = groups
    .slice(0, 6)
    .map((group) => group.toString(16))
    .join(':');
  if (prefix !== '0:0:0:0:0:ffff' && prefix !== '64:ff9b:0:0:0:0') return undefined;
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}
