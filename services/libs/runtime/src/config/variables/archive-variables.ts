import { z } from 'zod';
import type { ConfigFault } from '../declaration/define-config.js';
import { variable } from '../declaration/variable.js';
import { archiveKeyList } from '../values/archive-key-list.js';
import { booleanFlag } from '../values/boolean-flag.js';
import { httpUrl } from '../values/http-url.js';

/**
 * Variables of a deployable that reads or writes archives; spread them into `defineConfig`, with {@link archiveIsComplete} as
 * a rule. `archiveOptionsOf` makes options of their values.
 */
export const archiveVariables = {
  archiveDriver: variable({
    env: 'ARCHIVE_DRIVER',
    doc: 'Where archived months lie: `file`, a folder; `s3`, a bucket of S3 or of what speaks its API; `none`, nowhere: no month is archived. The same for jobs and chat services.',
    schema: z.enum(['none', 'file', 's3']).default('none'),
  }),
  archivePath: variable({
    env: 'ARCHIVE_PATH',
    doc: 'The folder, with `ARCHIVE_DRIVER=file`: one volume for jobs and chat services, on a file system that has hard links.',
    schema: z.string().startsWith('/', 'must be an absolute path').optional(),
  }),
  archiveS3Bucket: variable({
    env: 'ARCHIVE_S3_BUCKET',
    doc: 'The bucket, with `ARCHIVE_DRIVER=s3`. Give it a rule that removes multipart uploads that are not completed after a day.',
    schema: z.string().optional(),
  }),
  archiveS3Prefix: variable({
    env: 'ARCHIVE_S3_PREFIX',
    doc: 'Beginning of all keys in the bucket, such as `prod/archive`. Unset means none.',
    schema: z
      .string()
      .regex(/^[\w.-]+(\/[\w.-]+)*$/, 'must be names of letters, digits, _, - and . between slashes')
      .optional(),
  }),
  archiveS3Region: variable({
    env: 'ARCHIVE_S3_REGION',
    doc: 'Region of the bucket.',
    schema: z.string().default('us-east-1'),
  }),
  archiveS3Endpoint: variable({
    env: 'ARCHIVE_S3_ENDPOINT',
    doc: 'URL of a server that is not AWS, such as `http://minio:9000`. Unset means AWS.',
    schema: httpUrl().optional(),
  }),
  archiveS3PathStyle: variable({
    env: 'ARCHIVE_S3_PATH_STYLE',
    doc: '`true` puts the bucket into the path and not into the name of the host; most servers that are not AWS want it.',
    schema: booleanFlag().default(false),
  }),
  archiveS3AccessKeyId: variable({
    env: 'ARCHIVE_S3_ACCESS_KEY_ID',
    doc: 'Access key. Unset means what the AWS SDK finds: the role of the pod or machine, `AWS_*` variables, files.',
    schema: z.string().optional(),
  }),
  archiveS3SecretAccessKey: variable({
    env: 'ARCHIVE_S3_SECRET_ACCESS_KEY',
    doc: 'Secret of the access key.',
    schema: z.string().optional(),
    secret: true,
  }),
  archiveKeys: variable({
    env: 'ARCHIVE_KEYS',
    doc: 'Keys that archives are encrypted with, `ID:KEY`, separated by commas: an id of letters, digits, _, - and ., and 32 bytes in base64 (`openssl rand -base64 32`). The first encrypts, all decrypt; keep each as long as an archive or backup is encrypted with it. Unset means that archives are not encrypted.',
    schema: archiveKeyList().default([]),
    secret: true,
  }),
} as const;

/** A rule: what the driver needs is there. */
export function archiveIsComplete(value: {
  readonly archiveDriver: 'none' | 'file' | 's3';
  readonly archivePath?: string | undefined;
  readonly archiveS3Bucket?: string | undefined;
  readonly archiveS3AccessKeyId?: string | undefined;
  readonly archiveS3SecretAccessKey?: string | undefined;
}): readonly ConfigFault[] {
  const faults: ConfigFault[] = [];
  if (value.archiveDriver === 'file' && value.archivePath === undefined) {
    faults.push({ env: 'ARCHIVE_PATH', message: 'is needed with ARCHIVE_DRIVER=file' });
  }
  if (value.archiveDriver === 's3' && value.archiveS3Bucket === undefined) {
    faults.push({ env: 'ARCHIVE_S3_BUCKET', message: 'is needed with ARCHIVE_DRIVER=s3' });
  }
  const hasId = value.archiveS3AccessKeyId !== undefined;
  if (hasId !== (value.archiveS3SecretAccessKey !== undefined)) {
    const [env, other] = hasId
      ? ['ARCHIVE_S3_SECRET_ACCESS_KEY', 'ARCHIVE_S3_ACCESS_KEY_ID']
      : ['ARCHIVE_S3_ACCESS_KEY_ID', 'ARCHIVE_S3_SECRET_ACCESS_KEY'];
    faults.push({ env, message: `is needed with ${other}` });
  }
  return faults;
}
