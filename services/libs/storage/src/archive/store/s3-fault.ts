import { ArchiveFault, type ArchiveTrouble } from '../archive-fault.js';

/** What servers call it when there is no room left; S3 itself has none of these. */
const fullNames: ReadonlySet<string> = new Set([
  'QuotaExceeded',
  'EntityTooLargeForQuota',
  'XMinioStorageFull',
  'XMinioAdminBucketQuotaExceeded',
  'InsufficientStorage',
]);

/** Runs a request to S3; what it throws becomes an ArchiveFault here and nowhere else. */
export async function s3Attempt<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof ArchiveFault) throw thrown;
    const { name, status, text } = answerOf(thrown);
    throw new ArchiveFault(troubleOf(name, status), `${what}: ${name}${text === '' ? '' : `, ${text}`}`, {
      cause: thrown,
    });
  }
}

function troubleOf(name: string, status: number | undefined): ArchiveTrouble {
  if (name === 'NoSuchBucket') return 'unavailable';
  if (status === 404) return 'missing';
  if (status === 412 || name === 'ConditionalRequestConflict') return 'exists';
  if (status === 416) return 'damaged';
  if (status === 507 || fullNames.has(name)) return 'full';
  return 'unavailable';
}

/** How often the client asked before it gave up with this error. */
export function attemptsOf(thrown: unknown): number {
  const cause = thrown instanceof ArchiveFault ? thrown.cause : thrown;
  const metadata = partOf(cause, '$metadata');
  return Number(partOf(metadata, 'attempts') ?? 1);
}

function answerOf(thrown: unknown): {
  readonly name: string;
  readonly status: number | undefined;
  readonly text: string;
} {
  const status = partOf(partOf(thrown, '$metadata'), 'httpStatusCode');
  return {
    name: thrown instanceof Error ? thrown.name : String(thrown),
    status: typeof status === 'number' ? status : undefined,
    text: thrown instanceof Error ? thrown.message : '',
  };
}

function partOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
