import type { ConfigDefinition, ConfigOf } from '../declaration/define-config.js';
import type { archiveVariables } from './archive-variables.js';

/** The values of `archiveVariables`. */
export type ArchiveConfig = ConfigOf<ConfigDefinition<typeof archiveVariables>>;

/** Where archives lie and what they are encrypted with. */
export interface ArchiveOptions {
  readonly place: ArchiveFolder | ArchiveBucket;
  /** The first encrypts. None: nothing is encrypted. */
  readonly keys: readonly { readonly id: string; readonly secret: Uint8Array }[];
}

/** Archives in a folder. */
export interface ArchiveFolder {
  readonly driver: 'file';
  readonly path: string;
}

/** Archives in a bucket. */
export interface ArchiveBucket {
  readonly driver: 's3';
  readonly bucket: string;
  readonly region: string;
  readonly forcePathStyle: boolean;
  readonly prefix?: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Makes options of the values of `archiveVariables`, which `archiveIsComplete` has found complete; undefined for no archive. */
export function archiveOptionsOf(config: ArchiveConfig): ArchiveOptions | undefined {
  const keys = config.archiveKeys.map(({ id, key }) => ({ id, secret: Buffer.from(key, 'base64') }));
  switch (config.archiveDriver) {
    case 'none':
      return undefined;
    case 'file':
      return { place: { driver: 'file', path: config.archivePath ?? '' }, keys };
    case 's3':
      return { place: bucketOf(config), keys };
  }
}

function bucketOf(config: ArchiveConfig): ArchiveBucket {
  const { archiveS3Prefix: prefix, archiveS3Endpoint: endpoint } = config;
  const { archiveS3AccessKeyId: accessKeyId, archiveS3SecretAccessKey: secretAccessKey } = config;
  const hasCredentials = accessKeyId !== undefined && secretAccessKey !== undefined;
  return {
    driver: 's3',
    bucket: config.archiveS3Bucket ?? '',
    region: config.archiveS3Region,
    forcePathStyle: config.archiveS3PathStyle,
    ...(prefix === undefined ? {} : { prefix }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(hasCredentials ? { credentials: { accessKeyId, secretAccessKey } } : {}),
  };
}
