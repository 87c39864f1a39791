import { expect, it } from 'vitest';
import { defineConfig } from '../declaration/define-config.js';
import { readConfig } from '../declaration/read-config.js';
import { archiveOptionsOf } from './archive-options.js';
import { archiveIsComplete, archiveVariables } from './archive-variables.js';

const definition = defineConfig('example', archiveVariables, { rules: [archiveIsComplete] });
const key = Buffer.alloc(32, 7).toString('base64');

function optionsOf(env: Record<string, string>): unknown {
  const read = readConfig(definition, env);
  return read.ok ? archiveOptionsOf(read.value) : read.faults;
}

it('is no archive where nothing is said', () => {
  expect(optionsOf({})).toBeUndefined();
});

it('is a folder, with keys of which the first encrypts', () => {
  const env = { ARCHIVE_DRIVER: 'file', ARCHIVE_PATH: '/archive', ARCHIVE_KEYS: `2027:${key}, old.1:${key}` };
  expect(optionsOf(env)).toEqual({
    place: { driver: 'file', path: '/archive' },
    keys: [
      { id: '2027', secret: Buffer.alloc(32, 7) },
      { id: 'old.1', secret: Buffer.alloc(32, 7) },
    ],
  });
});

it('is a bucket, with credentials or with those of the surroundings', () => {
  expect(optionsOf({ ARCHIVE_DRIVER: 's3', ARCHIVE_S3_BUCKET: 'months' })).toEqual({
    place: { driver: 's3', bucket: 'months', region: 'us-east-1', forcePathStyle: false },
    keys: [],
  });
  const env = {
    ARCHIVE_DRIVER: 's3',
    ARCHIVE_S3_BUCKET: 'months',
    ARCHIVE_S3_PREFIX: 'prod/archive',
    ARCHIVE_S3_ENDPOINT: 'http://minio:9000',
    ARCHIVE_S3_PATH_STYLE: 'true',
    ARCHIVE_S3_ACCESS_KEY_ID: 'id',
    ARCHIVE_S3_SECRET_ACCESS_KEY: 'secret',
  };
  expect(optionsOf(env)).toMatchObject({
    place: {
      prefix: 'prod/archive',
      endpoint: 'http://minio:9000/',
      forcePathStyle: true,
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    },
  });
});

it.each([
  [{ ARCHIVE_DRIVER: 'file' }, 'ARCHIVE_PATH'],
  [{ ARCHIVE_DRIVER: 'file', ARCHIVE_PATH: 'archive' }, 'ARCHIVE_PATH'],
  [{ ARCHIVE_DRIVER: 's3' }, 'ARCHIVE_S3_BUCKET'],
  [{ ARCHIVE_S3_ACCESS_KEY_ID: 'id' }, 'ARCHIVE_S3_SECRET_ACCESS_KEY'],
  [{ ARCHIVE_S3_SECRET_ACCESS_KEY: 'secret' }, 'ARCHIVE_S3_ACCESS_KEY_ID'],
  [{ ARCHIVE_S3_PREFIX: '/prod' }, 'ARCHIVE_S3_PREFIX'],
  [{ ARCHIVE_KEYS: '2027:short' }, 'ARCHIVE_KEYS'],
  [{ ARCHIVE_KEYS: key }, 'ARCHIVE_KEYS'],
  [{ ARCHIVE_KEYS: `a:${key},a:${key}` }, 'ARCHIVE_KEYS'],
])('refuses %o', (env, faulty) => {
  expect(optionsOf(env)).toMatchObject([{ env: faulty }]);
});
