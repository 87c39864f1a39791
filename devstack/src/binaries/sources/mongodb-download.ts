import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { runCommand } from '../run-command.js';
import { mongodbArchive } from './mongodb-archive.js';
import type { InstallContext, InstalledProgram, PackageSource } from './package-source.js';

/** The 8.0 series has long-term support until 2029: https://www.mongodb.com/legal/support-policy/lifecycles */
const MONGODB_VERSION = '8.0.17';

/**
 * MongoDB's own builds. Asks first whether the site can be reached at all, so that a closed network costs no more than
 * `PROBE_TIMEOUT_MS`, and compares the archive with the checksum published beside it.
 */
export function mongodbDownload(
  site = 'https://fastdl.mongodb.org',
  version = MONGODB_VERSION,
  program: 'mongod' | 'mongos' = 'mongod',
): PackageSource {
  return {
    name: `MongoDB's own download (${site})`,
    install: (folder, context) => download({ site, version, program }, folder, context),
  };
}
const PROBE_TIMEOUT_MS = 4_000;
const STALL_TIMEOUT_MS = 30_000;

async function download(
  { site, version, program }: { readonly site: string; readonly version: string; readonly program: string },
  folder: string,
  context: InstallContext,
): Promise<InstalledProgram> {
  const { platform, progress, signal } = context;
  const osRelease = platform.os === 'linux' ? await readFile('/etc/os-release', 'utf8').catch(() => '') : '';
  const url = `${site}/${mongodbArchive(version, platform, osRelease)}`;
  progress.step(`${program}: asking ${site}`);
  await request(url, { method: 'HEAD', signal: within(PROBE_TIMEOUT_MS, signal) });
  const published = await (await request(`${url}.sha256`, { signal: within(PROBE_TIMEOUT_MS, signal) })).text();

  const archive = join(folder, 'mongodb.tgz');
  const sha256 = await save(
    url,
    archive,
    (doneBytes, totalBytes) => progress.step(`${program}: downloading ${url}`, { doneBytes, totalBytes }),
    signal,
  );
  const wanted = published.trim().split(/\s+/)[0];
  if (sha256 !== wanted) throw new Error(`${url} has sha256 ${sha256}, but ${wanted} is published`);

  progress.step(`${program}: unpacking MongoDB ${version}`);
  await runCommand('tar', ['-xzf', archive, '-C', folder, '--strip-components=1'], { signal });
  await rm(archive);
  return { program: `bin/${program}`, libraries: [], source: `MongoDB's own download ${version}` };
}

/** Streams `url` into `file` and returns its sha256. Fails when nothing comes for 30 seconds. */
async function save(
  url: string,
  file: string,
  onBytes: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  const stalled = new AbortController();
  const watch = setTimeout(
    () => stalled.abort(new Error(`${url}: nothing came for ${STALL_TIMEOUT_MS / 1000} s`)),
    STALL_TIMEOUT_MS,
  );
  try {
    const response = await request(url, {
      signal: signal === undefined ? stalled.signal : AbortSignal.any([stalled.signal, signal]),
    });
    const total = Number(response.headers.get('content-length') ?? 0);
    const hash = createHash('sha256');
    let done = 0;
    await pipeline(
      Readable.fromWeb(response.body as import('node:stream/web').ReadableStream),
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          watch.refresh();
          hash.update(chunk);
          done += chunk.length;
          onBytes(done, total);
          yield chunk;
        }
      },
      createWriteStream(file),
    );
    return hash.digest('hex');
  } finally {
    clearTimeout(watch);
  }
}

/** fetch whose every failure is one readable line. */
async function request(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason =
      cause instanceof Error ? (cause.name === 'TimeoutError' ? 'no answer in time' : cause.message) : String(cause);
    throw new Error(`cannot reach ${new URL(url).host}: ${reason}`, { cause: error });
  }
  if (!response.ok) throw new Error(`${url} answered ${response.status}`); // 403 is this site's "no such file"
  return response;
}

function within(ms: number, signal: AbortSignal | undefined): AbortSignal {
  return signal === undefined ? AbortSignal.timeout(ms) : AbortSignal.any([AbortSignal.timeout(ms), signal]);
}
