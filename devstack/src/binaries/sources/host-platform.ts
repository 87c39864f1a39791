/** The operating system and CPU this runs on, if servers can be had for it; else an error that says what is possible. */
export function hostPlatform(os: string = process.platform, cpu: string = process.arch): HostPlatform {
  if ((os === 'linux' || os === 'darwin') && (cpu === 'x64' || cpu === 'arm64'))
    return { os, cpu, key: `${os}-${cpu}` };
  throw new Error(
    `Parlance's servers cannot be started on ${os}/${cpu}: MongoDB and Redis exist for Linux and macOS on x64 and arm64. On Windows use WSL 2.`,
  );
}

/** See {@link hostPlatform}. */
export interface HostPlatform {
  readonly os: 'linux' | 'darwin';
  readonly cpu: 'x64' | 'arm64';
  /** "linux-x64": names folders in the cache, which may be shared between a Mac and a Linux container. */
  readonly key: string;
}
