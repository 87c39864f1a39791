import { createReadStream, existsSync, mkdirSync, readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { loadLocations } from '../locations.config.js';
import { lastLinesOf } from '../process/log-file.js';
import { reasonOf } from '../reason-of.js';
import { complain, say } from './say.js';
import { stopSignal } from './stop-signal.js';

const LINES_OF_EACH = 10;

/**
 * `logs [name] [-f]`: prints one log as a whole, or the end of each; with `-f` goes on with what is added until Ctrl-C. Returns 0,
 * or 1 for a name without a log.
 */
export async function logs(args: readonly string[]): Promise<number> {
  const { logDir } = loadLocations();
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { follow: { type: 'boolean', short: 'f' } },
  });
  const [name] = positionals;
  mkdirSync(logDir, { recursive: true });
  const known = readdirSync(logDir)
    .filter((file) => file.endsWith('.log'))
    .map((file) => file.slice(0, -'.log'.length))
    .toSorted();
  if (name !== undefined && !known.includes(name)) {
    complain(`there is no log "${name}" in ${logDir}; there are: ${known.join(', ') || 'none yet'}`);
    return 1;
  }
  const offsets = new Map<string, number>();
  const isWanted = (file: string): boolean =>
    name === undefined ? file.endsWith('.log') && !file.endsWith('.previous.log') : file === `${name}.log`;
  for (const file of readdirSync(logDir).filter(isWanted).toSorted()) {
    const path = join(logDir, file);
    offsets.set(file, statSync(path).size);
    if (name === undefined) say([`==> ${path}`, ...lastLinesOf(path, LINES_OF_EACH), ''].join('\n'));
    else await pipeline(createReadStream(path), process.stdout, { end: false });
  }
  if (values.follow) await followFolder(logDir, isWanted, offsets, name === undefined);
  return 0;
}

/** Prints what is added to the wanted files of a folder, one after the other, until a stop signal. */
async function followFolder(
  folder: string,
  isWanted: (file: string) => boolean,
  offsets: Map<string, number>,
  titled: boolean,
): Promise<void> {
  const stop = stopSignal(() => undefined);
  let last = '';
  let queue = Promise.resolve();
  const printNew = async (file: string): Promise<void> => {
    const path = join(folder, file);
    if (!existsSync(path)) return;
    const { size } = statSync(path);
    const known = offsets.get(file) ?? 0;
    const start = size < known ? 0 : known; // a shorter file is a new one
    offsets.set(file, size);
    if (size === start) return;
    if (titled && last !== file) process.stdout.write(`==> ${file}\n`);
    last = file;
    await pipeline(createReadStream(path, { start, end: size - 1 }), process.stdout, { end: false });
  };
  const watcher = watch(folder, (_event, file) => {
    if (file !== null && isWanted(file))
      queue = queue.then(() => printNew(file)).catch((error: unknown) => complain(reasonOf(error)));
  });
  await new Promise((resolve) => stop.signal.addEventListener('abort', resolve, { once: true }));
  watcher.close();
  await queue;
  stop.dispose();
}
