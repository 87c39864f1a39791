import { archiveVariables, secretList } from '@parlance/runtime';

/** A secret of the product. */
export interface SecretKind {
  /** Variable that a process reads it from; also its key in a Kubernetes Secret and its name as a file. */
  readonly name: string;
  /** What it is for, as the end of "because ...". */
  readonly purpose: string;
  /** Makes a value of random bytes. */
  make(random: (bytes: number) => Buffer): string;
  /** What is wrong with a value that is there, as the end of "it ..."; undefined when nothing is. Never shows the value. */
  fault(value: string): string | undefined;
}

/** All secrets that the product can make up by itself; credentials of databases come from whoever runs those. */
export const secretKinds: readonly SecretKind[] = [
  listed('JWT_SECRET', 'gateways check HS256 tokens with it, and whoever issues tokens signs with it'),
  listed('SERVICE_CREDENTIAL', 'gateways show it to chat services with every call'),
  {
    ...listed('BODY_HASH_KEY', 'chat services tell a retry from a conflict with it'),
    fault: (value) => (value.length < 32 ? 'has fewer than 32 characters' : undefined),
  },
  {
    name: 'ARCHIVE_KEYS',
    purpose: 'archives and backups are encrypted with its first key',
    make: (random) => `k1:${random(32).toString('base64')}`,
    fault: unless(archiveVariables.archiveKeys.schema, 'is not a list of ID:KEY with 32 bytes in base64 each'),
  },
  {
    name: 'MONGO_KEYFILE',
    purpose: 'members of a MongoDB replica set or cluster know each other by it (security.keyFile)',
    make: (random) => random(756).toString('base64'),
    fault: (value) => (/^[A-Za-z0-9+/=\s]{6,1024}$/.test(value) ? undefined : 'is not 6 to 1024 characters of base64'),
  },
  {
    ...listed(
      'MONGO_PASSWORD',
      'the user of MONGO_URI is made with it, where the connection string takes it from here',
    ),
    fault: isPlain,
  },
  {
    ...listed('MONGO_SERVICES_PASSWORD', 'the services sign in to MongoDB with it where they have a user of their own'),
    fault: isPlain,
  },
  {
    ...listed(
      'REDIS_PASSWORD',
      'Redis asks its clients for it, and its own nodes where they have no user of their own',
    ),
    fault: () => undefined,
  },
  {
    ...listed('REDIS_JOBS_PASSWORD', 'Redis asks jobs and its own nodes for it where they have a user of their own'),
    fault: () => undefined,
  },
];

/** One or several of at least 32 characters, separated by commas (ADR 0017). */
function listed(name: string, purpose: string): SecretKind {
  return {
    name,
    purpose,
    make: (random) => random(48).toString('base64url'),
    fault: unless(secretList(), 'has an item of fewer than 32 characters'),
  };
}

function isPlain(value: string): string | undefined {
  return /^[\w.~-]+$/.test(value) ? undefined : 'has characters that a connection string does not take as they are';
}

function unless(schema: { safeParse(value: string): { readonly success: boolean } }, fault: string) {
  return (value: string): string | undefined => (schema.safeParse(value).success ? undefined : fault);
}
