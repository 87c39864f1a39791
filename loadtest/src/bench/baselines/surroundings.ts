/** What a baseline's process is told in its first argument, as JSON. */
export interface Surroundings {
  readonly port: number;
  /** `redis://HOST:PORT`. */
  readonly redisUrl: string;
  /** With the database. */
  readonly mongoUri: string;
  /** L1m: a message is stored before it is acknowledged. */
  readonly store?: boolean;
  /** L2: where the gateway finds the chat service. */
  readonly grpcUrl?: string;
}

/** What this process was told. */
export function surroundings(): Surroundings {
  return JSON.parse(process.argv[2] ?? '{}') as Surroundings;
}

/** The line by which a baseline says that it serves. */
export function sayReady(): void {
  process.stdout.write('ready\n');
}
