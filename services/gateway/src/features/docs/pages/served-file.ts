import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompressSync, constants, gzip } from 'node:zlib';

/** Bytes that are the same for everybody: served compressed where the client can, and not again to who has them. */
export class ServedFile {
  /** Of the content, whatever its compression: 16 letters and digits. */
  readonly hash: string;

  constructor(private readonly content: ServedContent) {
    this.hash = createHash('sha256').update(content.packed.br).digest('base64url').replaceAll(/[-_]/g, '').slice(0, 16);
  }

  /** A text, compressed now, beside what else goes on. */
  static async of(text: string, type: string): Promise<ServedFile> {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
    const [br, gzipped] = await Promise.all([promisify(brotliCompress)(text, { params }), promisify(gzip)(text)]);
    return new ServedFile({ type, packed: { br, gzip: gzipped } });
  }

  /** Answers a GET or HEAD; 304 to a client that names the etag. */
  answer(request: IncomingMessage, response: ServerResponse, headers: Readonly<Record<string, string>> = {}): void {
    const { type, packed, isNamedByContent } = this.content;
    const coding = (['br', 'gzip'] as const).find((each) => accepts(request.headers['accept-encoding'], each));
    const etag = `"${this.hash}-${coding ?? 'plain'}"`;
    for (const [name, value] of Object.entries({
      ...headers,
      etag,
      'cache-control': isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache',
      'x-content-type-options': 'nosniff',
    }))
      response.setHeader(name, value);
    response.appendHeader('vary', 'accept-encoding');
    if (request.headers['if-none-match']?.split(/\s*,\s*/).includes(etag)) {
      response.statusCode = 304;
      return void response.end();
    }
    const body = coding === undefined ? brotliDecompressSync(packed.br) : packed[coding];
    if (coding !== undefined) response.setHeader('content-encoding', coding);
    response.setHeader('content-type', type);
    response.setHeader('content-length', body.length);
    response.end(request.method === 'HEAD' ? undefined : body);
  }
}

/** What is served. */
export interface ServedContent {
  readonly type: string;
  readonly packed: { readonly br: Buffer; readonly gzip: Buffer };
  /** Its address changes with it, so that it may be kept for a year. Else clients ask each time whether it has changed. */
  readonly isNamedByContent?: boolean;
}

/** Whether `Accept-Encoding` (RFC 9110, section 12.5.3) names a coding and does not forbid it. */
function accepts(header: string | readonly string[] = '', coding: string): boolean {
  return String(header)
    .toLowerCase()
    .split(',')
    .some((part) => {
      const [name = '', weight = ''] = part.split(';').map((each) => each.trim());
      return name === coding && !/^q=0(?:\.0*)?$/.test(weight);
    });
}
