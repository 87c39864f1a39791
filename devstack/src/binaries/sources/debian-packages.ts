import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '../../reason-of.js';
import { runCommand } from '../run-command.js';
import { isAtLeast } from '../server-version.js';
import type { InstallContext, InstalledProgram, PackageSource } from './package-source.js';
import { reportGrowth } from './report-growth.js';
import { libraryFolders, missingLibraries } from './shared-libraries.js';

/**
 * The first of these servers that Debian and its relatives have new enough, unpacked into the cache: that needs no root, starts no
 * system service and leaves the machine as it was. Libraries the machine lacks are unpacked beside it.
 */
export function debianPackages(servers: readonly DebianServer[], minimumVersion: string): PackageSource {
  return { name: 'Debian packages', install: (folder, context) => install(servers, minimumVersion, folder, context) };
}

/** A server as Debian packs it. */
export interface DebianServer {
  /** Packages to unpack; the first one carries the version. */
  readonly names: readonly [string, ...string[]];
  /** Its path in them: "usr/bin/redis-server". */
  readonly program: string;
}

async function install(
  servers: readonly DebianServer[],
  minimumVersion: string,
  folder: string,
  context: InstallContext,
): Promise<InstalledProgram> {
  if (context.platform.os !== 'linux') throw new Error('exist for Linux only');
  const { signal } = context;
  const policy = (): Promise<string> =>
    runCommand('apt-cache', ['policy', ...servers.map(({ names }) => names[0])], { signal });
  let choice = chooseServer(servers, await policy(), minimumVersion);
  if (choice.server === undefined) {
    await updateLists(context, choice.reason);
    choice = chooseServer(servers, await policy(), minimumVersion);
  }
  if (choice.server === undefined) throw new Error(choice.reason);
  const { names, program } = choice.server;

  const packages = join(folder, 'packages');
  await mkdir(packages);
  const fetchAndUnpack = async (wanted: readonly string[]): Promise<void> => {
    try {
      await downloadPackages(wanted, packages, context);
    } catch (error) {
      await updateLists(context, reasonOf(error)); // old lists name files that are gone
      await downloadPackages(wanted, packages, context);
    }
    for (const file of await readdir(packages))
      await runCommand('dpkg-deb', ['-x', join(packages, file), folder], { signal });
  };
  await fetchAndUnpack(names);
  const fetched = new Set(names);
  for (;;) {
    const libraries = (await libraryFolders(folder)).map((path) => join(folder, path));
    const missing = await missingLibraries(join(folder, program), libraries);
    if (missing.length === 0) break;
    const depends = await Promise.all(
      (await readdir(packages)).map((file) => runCommand('dpkg-deb', ['-f', join(packages, file), 'Depends'])),
    );
    const wanted = packagesFor(missing, depends.join(',')).filter((name) => !fetched.has(name));
    if (wanted.length === 0)
      throw new Error(`${program} needs ${missing.join(', ')}, which no package it depends on brings`);
    await fetchAndUnpack(wanted);
    for (const name of wanted) fetched.add(name);
  }
  await rm(packages, { recursive: true, force: true });
  return { program, libraries: await libraryFolders(folder), source: `Debian packages ${names.join(', ')}` };
}

/** The first server whose version on offer will do, from the answer of `apt-cache policy`; else why not. */
export function chooseServer(
  servers: readonly DebianServer[],
  policy: string,
  minimumVersion: string,
): { readonly server: DebianServer | undefined; readonly reason: string } {
  const offers = servers.map((server) => {
    const name = server.names[0];
    const version = new RegExp(`^${name}:\\n(?:.*\\n)*?\\s+Candidate: (?:\\d+:)?(\\d[\\d.]*)`, 'm').exec(policy)?.[1];
    return { server, name, version };
  });
  const server = offers.find(({ version }) => version !== undefined && isAtLeast(version, minimumVersion))?.server;
  const list = offers.map(({ name, version }) => `${name} ${version ?? 'is unknown'}`).join(', ');
  return { server, reason: `the package lists offer no ${minimumVersion} or later (${list})` };
}

/**
 * Which of the packages in a Depends field bring the `missing` libraries. Debian names library packages after the library:
 * liblzf.so.1 is in liblzf1, liblua5.1.so.0 in liblua5.1-0.
 */
export function packagesFor(missing: readonly string[], depends: string): readonly string[] {
  const names = depends.split(',').map((part) => part.trim().split(/[\s|:]/)[0] ?? '');
  const stems = missing.map((library) => library.replace(/\.so\b.*$/, ''));
  return [...new Set(names.filter((name) => stems.some((stem) => name.startsWith(stem))))];
}

async function downloadPackages(
  names: readonly string[],
  folder: string,
  { progress, signal }: InstallContext,
): Promise<void> {
  const uris = await runCommand('apt-get', ['download', '--print-uris', ...names], { cwd: folder, signal });
  const total = [...uris.matchAll(/^'[^']+' \S+ (\d+)/gm)].reduce((sum, match) => sum + Number(match[1]), 0);
  await reportGrowth(
    folder,
    `downloading ${names.join(', ')}`,
    progress,
    () => total,
    () => runCommand('apt-get', ['download', ...names], { cwd: folder, signal }),
  );
}

/** `apt-get update`, where we may; otherwise the error says that a person has to. */
async function updateLists({ progress, signal }: InstallContext, why: string): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new Error(`${why}; the lists may be old: run "sudo apt-get update" and try again`);
  progress.step('apt-get update');
  try {
    await runCommand('apt-get', ['update'], { signal });
  } catch (error) {
    throw new Error(`${why}; ${reasonOf(error)}`, { cause: error });
  }
}
