import { load } from 'js-yaml';

/** One place that says which version of the product this is. */
export interface StatedVersion {
  /** For people: `jobs/package.json, @parlance/runtime`. */
  readonly place: string;
  readonly version: string;
}

/**
 * Every place in a file that states the product's version: `package.json` (its own, and those of the product's packages that it
 * wants), `package-lock.json` (the same of each workspace), `Chart.yaml` (version, appVersion, charts that lie beside it). Pure.
 */
export function statedVersions(path: string, text: string): readonly StatedVersion[] {
  if (path.endsWith('Chart.yaml')) return ofChart(path, load(text) as Chart);
  if (!path.endsWith('package-lock.json')) return ofManifest(path, JSON.parse(text) as Manifest);
  const { version, packages } = JSON.parse(text) as Lock;
  const workspaces = Object.entries(packages).filter(([folder]) => !folder.includes('node_modules'));
  return [
    { place: path, version },
    ...workspaces.flatMap(([folder, manifest]) => ofManifest(`${path}, ${folder || 'root'}`, manifest)),
  ];
}

function ofManifest(path: string, manifest: Manifest): readonly StatedVersion[] {
  const { version, dependencies, devDependencies } = manifest;
  const own = Object.entries({ ...dependencies, ...devDependencies }).filter(([name]) => name.startsWith('@parlance/'));
  return [
    { place: path, version: String(version) },
    ...own.map(([name, wanted]) => ({ place: `${path}, ${name}`, version: wanted })),
  ];
}

function ofChart(path: string, { version, appVersion, dependencies = [] }: Chart): readonly StatedVersion[] {
  return [
    { place: `${path}, version`, version },
    { place: `${path}, appVersion`, version: appVersion },
    ...dependencies.map((each) => ({ place: `${path}, ${each.name}`, version: each.version })),
  ];
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface Lock {
  readonly version: string;
  readonly packages: Readonly<Record<string, Manifest>>;
}

interface Chart {
  readonly version: string;
  readonly appVersion: string;
  readonly dependencies?: readonly { readonly name: string; readonly version: string }[];
}
