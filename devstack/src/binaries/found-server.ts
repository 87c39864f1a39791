/** A server program that was found and has answered `--version`. */
export interface FoundServer {
  /** Absolute path of the program. */
  readonly path: string;
  /** "mongod", "redis" ...: what it says it is. */
  readonly product: ServerProduct;
  /** "7.0.15". */
  readonly version: string;
  /** Where it comes from, in words ("PATH", "MONGOD_BIN", "Debian packages in the project's cache"). */
  readonly source: string;
  /** Needed to run it, as a library path. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The server programs this package can start. */
export type ServerProduct = 'mongod' | 'mongos' | 'redis' | 'valkey' | 'prometheus';
