/** Command line of a Redis that is only a cache: nothing on disk but the cluster's own map, on the loopback address only. */
export function redisArguments(options: RedisServerOptions): readonly string[] {
  const args = [
    '--port',
    String(options.port),
    '--bind',
    '127.0.0.1',
    '--dir',
    options.dataDir,
    '--save',
    '',
    '--appendonly',
    'no',
    '--daemonize',
    'no',
    '--repl-diskless-sync-delay',
    '0', // a replica would wait five seconds for others to join it
    '--slowlog-log-slower-than',
    '-1', // it would hold commands with the texts in them
    ...Object.entries(options.settings ?? {}).flatMap(([name, value]) => [`--${name}`, String(value)]),
  ];
  if (options.cluster === undefined) return args;
  return [
    ...args,
    '--cluster-enabled',
    'yes',
    '--cluster-config-file',
    'nodes.conf',
    '--cluster-node-timeout',
    String(options.cluster.nodeTimeoutMs),
    '--cluster-port',
    String(options.cluster.busPort),
  ];
}

/** See {@link redisArguments}. */
export interface RedisServerOptions {
  readonly port: number;
  readonly dataDir: string;
  readonly cluster?: { readonly busPort: number; readonly nodeTimeoutMs: number } | undefined;
  /** Further directives of redis.conf, by name. */
  readonly settings?: Readonly<Record<string, string | number>> | undefined;
}
