import { cp, mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { runProgram } from '../run-program.js';

/**
 * A folder with a program and the libraries that it needs, and a Dockerfile that puts them onto a base image. Rejects where a library
 * is missing here.
 *
 * @param env what the program is started with on this machine, such as where its libraries lie.
 */
export async function stageServer(
  { path: program, env = {} }: { readonly path: string; readonly env?: Readonly<Record<string, string>> },
  name: string,
  folder: string,
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const [bin, lib] = [join(folder, 'usr/local/bin'), join(folder, 'usr/local/lib')];
  await mkdir(bin, { recursive: true });
  await mkdir(lib, { recursive: true });
  await cp(await realpath(program), join(bin, name));
  // A program that is linked by itself has none.
  const linked = await runProgram('ldd', [program], { env }).catch(() => '');
  const [missing] = /\S+(?= => not found)/.exec(linked) ?? [];
  if (missing !== undefined) throw new Error(`${program} needs ${missing}, which this machine has not`);
  const libraries = [...linked.matchAll(/=> (\/\S+)/g)].map(([, path]) => path as string);
  for (const path of libraries) {
    if (!/\/(?:libc|libm|libdl|libpthread|librt|libresolv|ld-linux.*)\.so/.test(path)) {
      await cp(await realpath(path), join(lib, basename(path)));
    }
  }
  await writeFile(
    join(folder, 'Dockerfile'),
    'ARG NODE_IMAGE\nFROM ${NODE_IMAGE}\nCOPY usr /usr\nENV LD_LIBRARY_PATH=/usr/local/lib\nUSER 999:999\n',
  );
}
