import { describe, expect, it } from 'vitest';
import { clientAddress } from './client-address.js';

describe('clientAddress', () => {
  it.each<[string, string | undefined, string | undefined, number, string]>([
    ['is the peer when no proxy is trusted', '10.0.0.1', '1.1.1.1', 0, '10.0.0.1'],
    ['is what the one proxy saw', '10.0.0.1', '6.6.6.6, 1.1.1.1', 1, '1.1.1.1'],
    ['is what the outer of two proxies saw', '10.0.0.1', '6.6.6.6, 1.1.1.1, 10.0.0.2', 2, '1.1.1.1'],
    ['is the peer when the header is missing', '10.0.0.1', undefined, 1, '10.0.0.1'],
    ['is the farthest known when there are fewer entries than proxies', '10.0.0.1', '1.1.1.1', 5, '1.1.1.1'],
    ['is IPv4 when it comes mapped', '::ffff:1.2.3.4', undefined, 0, '1.2.3.4'],
    ['is the network of an IPv6 client', '2001:db8:1:2:3:4:5:6', undefined, 0, '2001:db8:1:2::/64'],
    ['is the network of a short IPv6 address', '2001:db8::1', undefined, 0, '2001:db8:0:0::/64'],
    ['is the network of the loopback', '::1', undefined, 0, '0:0:0:0::/64'],
    ['is something for a peer that is gone', undefined, undefined, 0, 'unknown'],
  ])('%s', (_title, remote, forwardedFor, hops, expected) => {
    expect(clientAddress(remote, forwardedFor, hops)).toBe(expected);
  });
});
