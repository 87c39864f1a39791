import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';

/** Builds the page in a folder with Vite and serves it; `await using` ends that. */
export async function serveBuilt(root: string, { alias = {}, define = {} }: BuildOptions): Promise<ServedPage> {
  const outDir = await mkdtemp(join(tmpdir(), 'parlance-page-'));
  const quiet = { root, configFile: false, logLevel: 'error' } as const;
  await build({ ...quiet, resolve: { alias }, define, build: { outDir, emptyOutDir: true } });
  const server = await preview({ ...quiet, build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });
  return {
    url: server.resolvedUrls?.local[0] ?? '',
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await rm(outDir, { recursive: true });
    },
  };
}

/** What a page is built with beside its own files. */
export interface BuildOptions {
  /** Folders of packages that are taken in place of those that would be found. */
  readonly alias?: Readonly<Record<string, string>>;
  /** Expressions of the page that are replaced. */
  readonly define?: Readonly<Record<string, string>>;
}

/** A page on this machine. */
export interface ServedPage extends AsyncDisposable {
  /** With a slash at the end. */
  readonly url: string;
}
