import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../k8s.config.js';
import { productFiles } from './product-files.js';
import { releaseNotes } from './release-notes.js';
import { statedVersions } from './stated-versions.js';
import { withVersion } from './with-version.js';

/**
 * What a release needs of the repository ([docs/releasing.md](../../../docs/releasing.md)). `set-version 0.2.0` writes the version
 * wherever it is stated, `check v0.2.0` compares a tag with all of these and with CHANGELOG.md, `notes 0.2.0` prints the notes.
 * Ends with 1 and every fault, or with 2 when the command line is wrong.
 */
const versionForm = /^\d+\.\d+\.\d+(?:-rc\.\d+)?$/;
const [command, argument = ''] = process.argv.slice(2);
const version = command === 'check' ? argument.replace(/^v/, '') : argument;
const isCommand = command === 'set-version' || command === 'check' || command === 'notes';
if (!isCommand || !versionForm.test(version) || (command === 'check' && !argument.startsWith('v'))) {
  process.stderr.write('Usage: main.js set-version 0.2.0 | check v0.2.0 | notes 0.2.0 (or 0.2.0-rc.1)\n');
  process.exitCode = 2;
} else {
  try {
    process.stdout.write(await carryOut(command));
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    process.exitCode = 1;
  }
}

async function carryOut(what: 'set-version' | 'check' | 'notes'): Promise<string> {
  const changelog = await readFile(join(repository, 'CHANGELOG.md'), 'utf8');
  if (what === 'notes') return releaseNotes(changelog, version);
  const files = await productFiles(repository);
  if (what === 'set-version') {
    const from = (JSON.parse(files.get('package.json') ?? '{}') as { readonly version: string }).version;
    for (const [path, text] of files) await writeFile(join(repository, path), withVersion(path, text, from, version));
    return `${files.size} files say ${version} in place of ${from}\n`;
  }
  const stated = [...files].flatMap(([path, text]) => statedVersions(path, text));
  const faults = stated
    .filter((each) => each.version !== version)
    .map((each) => `${each.place} says ${each.version}, and the tag ${version}`);
  try {
    releaseNotes(changelog, version);
  } catch (thrown) {
    faults.push(thrown instanceof Error ? thrown.message : String(thrown));
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return `${stated.length} places say ${version}, and CHANGELOG.md has its notes\n`;
}
