import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const preface = `Everything that the package exports, made of the comments in its source by \`make generate\`.
[README.md](../README.md) says what it is for.`;

const packages = createRequire(import.meta.url);
const markdown = packages.resolve('typedoc-plugin-markdown');

/** One page: lists of things, no addresses in the source, nothing that comes with the language. */
const look = {
  entryPoints: ['all.d.ts'],
  out: 'page',
  entryFileName: 'reference',
  outputFileStrategy: 'modules',
  readme: 'none',
  disableSources: true,
  excludeExternals: true,
  excludeInternal: true,
  excludePrivate: true,
  sort: ['source-order'],
  groupOrder: [
    'Constructors',
    'Properties',
    'Accessors',
    'Methods',
    'Classes',
    'Functions',
    'Interfaces',
    'Type Aliases',
  ],
  hidePageHeader: true,
  hideBreadcrumbs: true,
  hidePageTitle: true,
  useCodeBlocks: true,
  parametersFormat: 'list',
  classPropertiesFormat: 'list',
  interfacePropertiesFormat: 'list',
  typeAliasPropertiesFormat: 'list',
  propertyMembersFormat: 'list',
  typeDeclarationFormat: 'list',
  logLevel: 'Warn',
  validation: { notExported: true, invalidLink: true, notDocumented: true, rewrittenLink: true },
  requiredToBeDocumented: ['Class', 'Interface', 'TypeAlias', 'Function', 'Method', 'Accessor', 'Property'],
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
};

/**
 * The page of everything that a package exports, in Markdown, made by typedoc of its declarations `folder/<entry>.d.ts`. It writes
 * into that folder.
 *
 * @throws Error with what typedoc complains of: something that is exported and has no comment, or a link to what is not there.
 */
export async function referenceOf({ name, folder, entries }: ReferenceSource): Promise<string> {
  await writeFile(join(folder, 'all.d.ts'), entries.map((entry) => `export * from './${entry}.js';\n`).join(''));
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: compiler(name), files: ['all.d.ts'] }),
  );
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name }));
  await writeFile(
    join(folder, 'typedoc.json'),
    JSON.stringify({ ...look, name, packagesRequiringDocumentation: [name], plugin: [markdown] }),
  );
  const program = join(dirname(packages.resolve('typedoc/package.json')), 'bin/typedoc');
  await promisify(execFile)(process.execPath, [program], { cwd: folder, timeout: 600_000 }).catch(
    (failed: Error & { readonly stdout?: string; readonly stderr?: string }) => {
      throw new Error(`${failed.stdout ?? ''}${failed.stderr ?? ''}` || failed.message);
    },
  );
  const page = (await readFile(join(folder, 'page/reference.md'), 'utf8')).trim();
  return `# Reference of ${name}\n\n${preface}\n\n${contentsOf(page)}\n\n${page}\n`;
}

/** See {@link referenceOf}. */
export interface ReferenceSource {
  /** Of the package. */
  readonly name: string;
  /** Has the declarations, and is written into. */
  readonly folder: string;
  readonly entries: readonly string[];
}

/** A line a group, with a link to each thing in it. */
function contentsOf(page: string): string {
  const groups = page.split(/^## /m).slice(1);
  return groups
    .map((group) => {
      const names = [...group.matchAll(/^### (\w+)/gm)].map(([, name = '']) => name);
      return `- ${group.split('\n', 1)[0]}: ${names.map((name) => `[${name}](#${name.toLowerCase()})`).join(', ')}`;
    })
    .join('\n');
}

/** Declarations import each other by the package's name. */
function compiler(name: string): object {
  return {
    module: 'esnext',
    moduleResolution: 'bundler',
    target: 'es2023',
    lib: ['es2023', 'dom'],
    types: [],
    strict: true,
    paths: { [name]: ['./index.d.ts'] },
  };
}
