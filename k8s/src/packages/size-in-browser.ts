import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

/**
 * Bytes that a package's first entry adds to a page: minified for browsers, gzipped, everything of it, without what it depends on.
 */
export async function sizeInBrowser(dist: string): Promise<number> {
  const program = await rolldown({
    input: join(dist, 'index.js'),
    external: (id) => !id.startsWith('.') && !id.startsWith('/'),
  });
  const { output } = await program.generate({ format: 'esm', minify: true, comments: false });
  return output.reduce(
    (bytes, file) => bytes + (file.type === 'chunk' ? gzipSync(file.code, { level: 9 }).length : 0),
    0,
  );
}
