import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
};

const isText = /^(?:text\/|application\/(?:json|manifest)|image\/svg)/;

/**
 * Reads a built page into memory, by URL path (`/index.html`). What is served is looked up here and never on the disk, so
 * no path can lead out of the folder. Rejects when there is no `index.html`.
 */
export async function loadAssets(folder: string): Promise<Assets> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const assets = new Map(
    await Promise.all(
      files.map(async (file): Promise<[string, Asset]> => {
        const path = `/${relative(folder, file).split(sep).join('/')}`;
        return [path, toAsset(path, await readFile(file))];
      }),
    ),
  );
  const page = assets.get('/index.html');
  if (page === undefined) throw new Error(`no index.html in ${folder}`);
  return { page, byPath: assets };
}

/** One file with all that its answer says. */
export function toAsset(path: string, body: Buffer): Asset {
  const type = contentTypes[extname(path)] ?? 'application/octet-stream';
  return {
    body,
    ...(isText.test(type) ? { gzipped: gzipSync(body, { level: 9 }) } : {}),
    type,
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    // Vite names what lies in `assets` after its content.
    cacheControl: path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
}

/** A built page. */
export interface Assets {
  /** `index.html`. */
  readonly page: Asset;
  readonly byPath: ReadonlyMap<string, Asset>;
}

/** See {@link toAsset}. */
export interface Asset {
  readonly body: Buffer;
  /** For text only: the rest is compressed already. */
  readonly gzipped?: Buffer;
  readonly type: string;
  readonly etag: string;
  readonly cacheControl: string;
}
