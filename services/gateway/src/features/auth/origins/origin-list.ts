import { csv } from '@parlance/runtime';
import { z } from 'zod';

/**
 * Schema of a list of origins, as people write them: any scheme, host in any case, default port, slash at the end; `:*` for
 * any port. Each becomes what a browser sends in `Origin` (https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin),
 * with which it is compared. What no browser sends is a fault that says what to write.
 */
export function originList() {
  return csv().transform((items, context): readonly string[] =>
    items.map((item, index) => {
      const origin = toOrigin(item);
      if (typeof origin !== 'string')
        context.addIssue({ code: 'custom', message: `item ${index + 1} ${origin.fault}` });
      return typeof origin === 'string' ? origin : z.NEVER;
    }),
  );
}

function toOrigin(item: string): string | { readonly fault: string } {
  if (item === '*' || item === 'null') return { fault: 'would let every page in: name the origins' };
  const [, scheme = '', authority = '', anyPort = '', behind = ''] =
    /^([a-z][a-z0-9+.-]*):\/\/(\[[^\]]*\](?::\d+)?|[^/?#:@\s]+(?::\d+)?)(:\*)?(.*)$/i.exec(item) ?? [];
  if (scheme === '') return { fault: 'is not scheme://host, such as https://chat.example.com' };
  if (/^wss?$/i.test(scheme))
    return { fault: "is the address of a server: write the page's, such as https://chat.example.com" };
  if (behind !== '' && behind !== '/')
    return { fault: 'has something behind the host: write scheme://host or scheme://host:port' };
  if (authority.includes('*')) return { fault: 'has a * in the host: only the port may be *' };
  const url = URL.parse(`${scheme}://${authority.toLowerCase()}`);
  if (url === null || url.host === '') return { fault: 'is not scheme://host, such as https://chat.example.com' };
  return `${url.protocol}//${anyPort === '' ? url.host : url.hostname}${anyPort}`;
}
