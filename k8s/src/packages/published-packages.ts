/** A workspace that others install from a tarball. */
export interface PublishedPackage {
  /** Folder below the repository. */
  readonly workspace: string;
  /** Source of each entry, by the entry's name: `index` is the package itself, any other one `<package>/<name>`. */
  readonly entries: Readonly<Record<string, string>>;
  /** Bytes that it may have in a browser, minified and gzipped, beside what it depends on. */
  readonly browserLimit: number;
}

/** All of them, in the order in which they need each other. Nothing else is published. */
export const publishedPackages: readonly PublishedPackage[] = [
  {
    workspace: 'clients/typescript',
    entries: { index: 'src/index.ts', node: 'src-node/index.ts' },
    browserLimit: 20_000,
  },
  { workspace: 'clients/react', entries: { index: 'src/index.ts' }, browserLimit: 1_000 },
];
