/**
 * The `package.json` that goes into a tarball, made of the one of the workspace: without what only this repository needs
 * (`private`, development, workspaces that are not published, whose types are in the tarball), with every entry for `import`
 * and for `require`, for resolvers that read `exports` and for those that do not. Pure.
 */
export function publishedManifest(
  manifest: WorkspaceManifest,
  { entries, published, address, workspace }: PublishedManifestContext,
): Readonly<Record<string, unknown>> {
  const { private: _private, devDependencies: _development, scripts: _scripts, files: _files, ...kept } = manifest;
  const others = entries.filter((name) => name !== 'index');
  return {
    ...kept,
    ...(address === undefined ? {} : { repository: { type: 'git', url: `git+${address}.git`, directory: workspace } }),
    sideEffects: false,
    main: './dist/index.cjs',
    module: './dist/index.js',
    types: './dist/index.d.cts',
    // `moduleResolution: node10` reads neither `exports` nor the ending of a module's declarations.
    ...(others.length === 0
      ? {}
      : { typesVersions: { '*': Object.fromEntries(others.map((name) => [name, [`./dist/${name}.d.cts`]])) } }),
    exports: {
      ...Object.fromEntries(entries.map((name) => [name === 'index' ? '.' : `./${name}`, conditions(name)])),
      './package.json': './package.json',
    },
    files: ['dist', 'docs', 'NOTICE'],
    dependencies: onlyPublished(manifest.dependencies, published),
    ...(manifest.peerDependencies ? { peerDependencies: onlyPublished(manifest.peerDependencies, published) } : {}),
  };
}

/** See {@link publishedManifest}. */
export interface PublishedManifestContext {
  /** Names of the entries, `index` first. */
  readonly entries: readonly string[];
  /** Names of all packages that are published. */
  readonly published: readonly string[];
  /** Web address of the repository, undefined where it is not known. */
  readonly address: string | undefined;
  /** The workspace's folder in it. */
  readonly workspace: string;
}

/** What of a workspace's `package.json` is read here; the rest is kept as it is. */
export interface WorkspaceManifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly scripts?: unknown;
  readonly files?: unknown;
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Declarations stand first, as the first condition that fits is taken. */
function conditions(name: string) {
  return {
    import: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
    require: { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` },
  };
}

function onlyPublished(wanted: Readonly<Record<string, string>> = {}, published: readonly string[]) {
  return Object.fromEntries(
    Object.entries(wanted).filter(([name]) => !name.startsWith('@parlance/') || published.includes(name)),
  );
}
