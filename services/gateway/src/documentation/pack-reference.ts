import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { referenceFolder } from '../features/docs/pages/reference-script.js';

const brotli = promisify(brotliCompress);

/**
 * Writes the script of the API reference, compressed, into the folder that the gateway serves it from. It is the one that
 * Scalar's plugin for Fastify serves: all of the reference in a file, out of a package with few others behind it. Does
 * nothing when the folder has the installed version. Resolves with whether it wrote.
 */
export async function packReference(): Promise<boolean> {
  const version = await installedVersion();
  const versionFile = new URL('version', referenceFolder);
  if ((await readFile(versionFile, 'utf8').catch(() => '')) === version) return false;
  const script = Buffer.from(await scriptOfPlugin());
  await mkdir(referenceFolder, { recursive: true });
  for (const [ending, packed] of [
    ['br', await brotli(script, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } })],
    ['gz', await promisify(gzip)(script, { level: 9 })],
  ] as const) {
    await writeFile(new URL(`.${ending}`, referenceFolder), packed);
    await rename(new URL(`.${ending}`, referenceFolder), new URL(`reference.js.${ending}`, referenceFolder));
  }
  await writeFile(versionFile, version);
  return true;
}
const packageName = '@scalar/fastify-api-reference';

async function installedVersion(): Promise<string> {
  const manifest = new URL('../package.json', `file://${createRequire(import.meta.url).resolve(packageName)}`);
  return (JSON.parse(await readFile(manifest, 'utf8')) as { readonly version: string }).version;
}

/** Registers the plugin with a server that only notes its routes, and asks the one of the script. */
async function scriptOfPlugin(): Promise<string> {
  const { default: plugin } = (await import(packageName)) as { readonly default: FastifyPlugin };
  const routes: Route[] = [];
  const server = { initialConfig: {}, hasPlugin: () => false, route: (route: Route) => void routes.push(route) };
  plugin(server, { configuration: { url: 'openapi.json' } }, () => {});
  const found = routes.find(({ url }) => url.endsWith('.js'));
  let script: unknown;
  const reply = { header: () => reply, send: (body: unknown) => void (script = body) };
  found?.handler({}, reply);
  if (typeof script !== 'string') throw new Error(`${packageName} serves no script`);
  return script;
}

/** What is used of https://fastify.dev/docs/latest/Reference/Plugins/. */
type FastifyPlugin = (server: object, options: object, done: () => void) => void;

interface Route {
  readonly url: string;
  readonly handler: (request: object, reply: object) => void;
}

if (import.meta.main && (await packReference())) process.stdout.write('packed the script of /api/docs\n');
