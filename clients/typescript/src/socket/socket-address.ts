/**
 * Where Socket.IO finds a gateway. A gateway may be published under a path, as `https://host/parlance`: a proxy in front of
 * it takes the path off again.
 *
 * @param url base URL of the gateway, with or without a path; a query and a fragment count for nothing.
 * @throws TypeError for what is no `http(s)` or `ws(s)` URL.
 */
export function socketAddress(url: string): SocketAddress {
  const { protocol, origin, pathname } = new URL(url);
  if (!/^(?:http|ws)s?:$/.test(protocol)) throw new TypeError(`${url} is not the URL of a gateway`);
  return { namespaceUrl: `${origin}/chat`, path: `${pathname.replace(/\/+$/, '')}/socket.io/` };
}

/** See {@link socketAddress}. */
export interface SocketAddress {
  /** What `io()` takes as its address: its path is the name of the namespace. */
  readonly namespaceUrl: string;
  /** Path of the Socket.IO server, with a slash at both ends. */
  readonly path: string;
}
