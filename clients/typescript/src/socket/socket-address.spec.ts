import { describe, expect, it } from 'vitest';
import { fakeStack } from '../../test/fakes/fake-stack.js';
import { socketAddress } from './socket-address.js';

describe('the address of a gateway', () => {
  it.each([
    ['https://host', 'https://host/chat', '/socket.io/'],
    ['https://host:8443/', 'https://host:8443/chat', '/socket.io/'],
    ['https://host/parlance', 'https://host/chat', '/parlance/socket.io/'],
    ['https://host/a/b/', 'https://host/chat', '/a/b/socket.io/'],
    ['http://[::1]:3000/a?x=1#y', 'http://[::1]:3000/chat', '/a/socket.io/'],
    ['wss://host/parlance', 'wss://host/chat', '/parlance/socket.io/'],
  ])('keeps the path of %s', (url, namespaceUrl, path) => {
    expect(socketAddress(url)).toEqual({ namespaceUrl, path });
  });

  it.each(['chat.example.com', 'localhost:3000', '/parlance', ''])(
    'is refused when the client is made: "%s"',
    (url) => {
      expect(() => fakeStack({ url })).toThrow(TypeError);
    },
  );
});
