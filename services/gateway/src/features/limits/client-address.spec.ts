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
    ['is without the port that a proxy adds', '10.0.0.1', '1.1.1.1:40312', 1, '1.1.1.1'],
    ['is without brackets and port', '10.0.0.1', '[2001:db8:1:2::7]:40312', 1, '2001:db8:1:2::/64'],
    ['is without brackets alone', '10.0.0.1', '[2001:db8:1:2::7]', 1, '2001:db8:1:2::/64'],
    ['is without quotes', '10.0.0.1', '"[2001:db8:1:2::7]:1"', 1, '2001:db8:1:2::/64'],
    ['is the same in any spelling', '10.0.0.1', '2001:0DB8:0001:0002:0:0:0:0007', 1, '2001:db8:1:2::/64'],
    ['is the same with dots at the end', '10.0.0.1', '2001:db8:1:2::1.2.3.4', 1, '2001:db8:1:2::/64'],
    ['is the same for every link of a zone', 'fe80::1%eth0', undefined, 0, 'fe80:0:0:0::/64'],
    ['is IPv4 when it comes mapped with a port', '10.0.0.1', '[::ffff:1.2.3.4]:5', 1, '1.2.3.4'],
    ['is IPv4 when it comes mapped in hex', '10.0.0.1', '::ffff:102:304', 1, '1.2.3.4'],
    ['is IPv4 behind NAT64', '10.0.0.1', '64:ff9b::1.2.3.4', 1, '1.2.3.4'],
    ['is the peer in place of a word', '10.0.0.1', 'unknown', 1, '10.0.0.1'],
    ['is the peer in place of something made up', '10.0.0.1', '1.1.1.1:2:3', 1, '10.0.0.1'],
    ['is the peer in place of a number', '10.0.0.1', '16843009', 1, '10.0.0.1'],
    ['is the peer in place of a range', '10.0.0.1', '1.1.1.1/8', 1, '10.0.0.1'],
    ['is the nearer proxy in place of a word', '10.0.0.1', 'unknown, 2.2.2.2', 2, '2.2.2.2'],
    ['is the peer when the header is empty', '10.0.0.1', ' , ,', 1, '10.0.0.1'],
    ['is IPv4 of any length when it comes mapped', '::FFFF:111.122.133.144', undefined, 0, '111.122.133.144'],
    ['is nothing when it only looks mapped', 'x::ffff:1.2.3.4', undefined, 0, 'unknown'],
    ['leaves out blanks and empty entries', '10.0.0.1', ' 6.6.6.6 ,, 1.1.1.1 , ', 2, '6.6.6.6'],
    ['is a network with one group left out', '1::3:4:5:6:7:8', undefined, 0, '1:0:3:4::/64'],
    ['is a network with the first group left out', '::2:3:4:5:6:7:8', undefined, 0, '0:2:3:4::/64'],
    ['is a network with the end left out', '1:2:3:4:5:6::', undefined, 0, '1:2:3:4::/64'],
    ['is something for a peer that is gone', undefined, undefined, 0, 'unknown'],
  ])('%s', (_title, remote, forwardedFor, hops, expected) => {
    expect(clientAddress(remote, forwardedFor, hops)).toBe(expected);
  });
});
