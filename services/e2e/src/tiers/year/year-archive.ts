import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startS3 } from '@parlance/devstack';
import type { ArchiveKey, ArchivePlace } from '@parlance/storage';
import { ArchiveTarget } from './archive-target.js';

/** What kind of archive a year has. */
export interface YearArchiveKind {
  /** A folder, or a real S3 server over one. */
  readonly driver: 'file' | 's3';
  readonly encrypt: boolean;
}

/** Where a year archives and backs up, as jobs and chat services are told. */
export interface YearArchive extends AsyncDisposable {
  /** The disk that it lies on. */
  readonly target: ArchiveTarget;
  /** Environment of the jobs. */
  readonly env: Readonly<Record<string, string>>;
  readonly place: ArchivePlace;
  /** None when it is not encrypted. */
  readonly keys: readonly ArchiveKey[];
}

/**
 * Opens it in a folder.
 * @throws there is no S3 server where one is asked for.
 */
export async function openYearArchive(directory: string, { driver, encrypt }: YearArchiveKind): Promise<YearArchive> {
  const target = await ArchiveTarget.open(directory);
  const secret = randomBytes(32);
  const keys = encrypt ? [{ id: 'year', secret: new Uint8Array(secret) }] : [];
  const keysEnv = encrypt ? { ARCHIVE_KEYS: `year:${secret.toString('base64')}` } : {};
  if (driver === 'file') {
    return {
      target,
      keys,
      place: { driver, path: target.path },
      env: { ...keysEnv, ARCHIVE_DRIVER: driver, ARCHIVE_PATH: target.path },
      [Symbol.asyncDispose]: () => target[Symbol.asyncDispose](),
    };
  }
  const server = await startS3({ dataDir: target.path, logDir: join(directory, 'logs') });
  const { bucket, region, endpoint, credentials } = server;
  return {
    target,
    keys,
    place: { driver, bucket, region, endpoint, credentials, forcePathStyle: true },
    env: {
      ...keysEnv,
      ARCHIVE_DRIVER: driver,
      ARCHIVE_S3_BUCKET: bucket,
      ARCHIVE_S3_REGION: region,
      ARCHIVE_S3_ENDPOINT: endpoint,
      ARCHIVE_S3_PATH_STYLE: 'true',
      ARCHIVE_S3_ACCESS_KEY_ID: credentials.accessKeyId,
      ARCHIVE_S3_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await target[Symbol.asyncDispose]();
    },
  };
}
