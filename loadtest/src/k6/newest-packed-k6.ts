/** Names of processors that Go, and with it k6, has otherwise than Node. */
const goArchitectures: Readonly<Partial<Record<NodeJS.Architecture, string>>> = { x64: 'amd64', ia32: '386' };

/** The newest `k6-vVERSION-PLATFORM-ARCH.xz` among file names for a platform as Node names it; `undefined` when there is none. */
export function newestPackedK6(
  fileNames: readonly string[],
  platform: NodeJS.Platform,
  arch: NodeJS.Architecture,
): string | undefined {
  const suffix = `-${platform}-${goArchitectures[arch] ?? arch}.xz`;
  return fileNames
    .filter((name) => /^k6-v\d+\.\d+\.\d+-/.test(name) && name.endsWith(suffix))
    .toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }))
    .at(-1);
}
