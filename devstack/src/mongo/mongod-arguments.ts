/** Slow operations would stand in the log with the documents that they write. */
export const neverLogTexts: readonly string[] = ['--slowOpSampleRate', '0'];

/**
 * Command line of a mongod that is light enough for a developer's machine: about 135 MB and a few MB of disk for an idle
 * member, on the loopback address only.
 */
export function mongodArguments(options: MongodOptions): readonly string[] {
  const parameters: Readonly<Record<string, string | number | boolean>> = {
    diagnosticDataCollectionEnabled: false, // its files grow to 200 MB
    shutdownTimeoutMillisForSignaledShutdown: 100, // a stopping primary would wait 15 s for its clients to go
    ...options.setParameters,
  };
  return [
    ...(options.role === undefined ? [] : [`--${options.role}`]),
    ...(options.blockCompressor === undefined
      ? []
      : ['--wiredTigerCollectionBlockCompressor', options.blockCompressor]),
    '--replSet',
    options.replicaSet,
    '--dbpath',
    options.dataDir,
    '--port',
    String(options.port),
    '--bind_ip',
    '127.0.0.1',
    '--nounixsocket',
    '--wiredTigerCacheSizeGB',
    String(options.wiredTigerCacheGB),
    '--wiredTigerEngineConfigString',
    'log=(prealloc=false,file_max=4MB)', // 4 MB in place of 300 for the journal
    '--oplogSize',
    '1024',
    ...neverLogTexts,
    ...Object.entries(parameters).flatMap(([name, value]) => ['--setParameter', `${name}=${value}`]),
  ];
}

/** See {@link mongodArguments}. */
export interface MongodOptions {
  readonly replicaSet: string;
  readonly dataDir: string;
  readonly port: number;
  readonly wiredTigerCacheGB: number;
  /** Its part in a sharded cluster; default: none. */
  readonly role?: 'configsvr' | 'shardsvr' | undefined;
  /** What collections are compressed with; default: the server's, snappy. */
  readonly blockCompressor?: 'snappy' | 'zstd' | undefined;
  readonly setParameters?: Readonly<Record<string, string | number | boolean>> | undefined;
}
