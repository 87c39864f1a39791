/**
 * The text of a file with another version in each place that {@link statedVersions} reads, and nothing else changed. Pure.
 *
 * @param from the version that stands there now; what has another one is left, so that a wrong place is still found.
 */
export function withVersion(path: string, text: string, from: string, to: string): string {
  const old = from.replaceAll('.', '\\.');
  if (path.endsWith('Chart.yaml')) {
    return text.replaceAll(new RegExp(`^( *(?:version|appVersion): )${old}$`, 'gm'), `$1${to}`);
  }
  const wanted = new RegExp(`("@parlance/[\\w-]+": ")${old}"`, 'g');
  if (!path.endsWith('package-lock.json')) {
    return text.replace(new RegExp(`^(  "version": ")${old}"`, 'm'), `$1${to}"`).replaceAll(wanted, `$1${to}"`);
  }
  // Beside the workspaces it names packages of others, which may have the same version.
  const lock = JSON.parse(text) as Lock;
  if (lock.version === from) lock.version = to;
  for (const [folder, manifest] of Object.entries(lock.packages)) {
    if (!folder.includes('node_modules') && manifest.version === from) manifest.version = to;
  }
  return `${JSON.stringify(lock, null, 2)}\n`.replaceAll(wanted, `$1${to}"`);
}

interface Lock {
  version: string;
  readonly packages: Readonly<Record<string, { version?: string }>>;
}
