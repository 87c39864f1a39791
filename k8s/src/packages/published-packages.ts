/** A workspace that others install from a tarball: where it is, and which programs its entries are made of. */
export interface PublishedPackage {
  /** Folder below the repository. */
  readonly workspace: string;
  /** Source of each entry, by the entry's name: `index` is the package itself, any other one `<package>/<name>`. */
  readonly entries: Readonly<Record<string, string>>;
}

/** All of them, in the order in which they need each other. Nothing else is published. */
export const publishedPackages: readonly PublishedPackage[] = [
  { workspace: 'clients/typescript', entries: { index: 'src/index.ts', node: 'src-node/index.ts' } },
];
