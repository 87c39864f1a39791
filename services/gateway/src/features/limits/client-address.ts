import { isIPv6 } from 'node:net';

/**
 * The address a request is counted under. With `trustedHops` proxies in front it is the entry of `X-Forwarded-For` that
 * the outermost of them wrote; entries before that are whatever the client liked to send. An IPv6 client has a whole
 * network at hand, so only the first 64 bits count. Pure.
 */
export function clientAddress(
  remote: string | undefined,
  forwardedFor: string | undefined,
  trustedHops: number,
): string {
  const chain = [...(forwardedFor ?? '').split(',').map((each) => each.trim()), remote ?? '']
    .filter((each) => each !== '')
    .toReversed();
  return networkOf(chain[Math.min(trustedHops, chain.length - 1)] ?? 'unknown');
}

function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address.slice(0, 64);
  const [head = '', tail = ''] = address.toLowerCase().split('::');
  const [first, last] = [head, tail].map((part) => (part === '' ? [] : part.split(':'))) as [string[], string[]];
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  const groups = [...first, ...zeros, ...last].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${groups.join(':')}::/64`;
}
