import {
  type BulkWriteResult,
  MongoBulkWriteError,
  MongoNetworkError,
  MongoServerError,
  type WriteError,
} from 'mongodb';
import { describe, expect, it } from 'vitest';
import { duplicatesOf, mapMongoErrors } from './mongo-errors.js';

/** As the driver makes it (`lib/bulk/common.js`, 7.8): of its own error, or of what the server refused. */
function bulkError(cause: ConstructorParameters<typeof MongoBulkWriteError>[0]): MongoBulkWriteError {
  return new MongoBulkWriteError(cause, {} as BulkWriteResult);
}

function refused(...codes: number[]): MongoBulkWriteError {
  const writeErrors = codes.map((code, index) => ({ code, index: index * 10 }) as WriteError);
  return bulkError({ message: 'refused', code: codes[0] ?? 0, writeErrors });
}

function failing(error: Error): Promise<never> {
  return mapMongoErrors(async () => {
    throw error;
  }, 'unknown');
}

it.each([43, 175, 237])('a cursor that a failover has ended (%i) is a failure that passes', async (code) => {
  const lost = new MongoServerError({ message: 'cursor id 7 not found', code });
  await expect(failing(lost)).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE' });
});

it.each([133, 249, 13_388])('what a router says while a shard or a range is on its way (%i) passes', async (code) => {
  const behind = new MongoServerError({ message: 'not now', code });
  await expect(failing(behind)).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE' });
});

describe('the failure of a bulk write', () => {
  it('passes when the connection broke under it', async () => {
    const broken = bulkError(new MongoNetworkError('connection closed'));
    await expect(failing(broken)).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE', outcome: 'unknown' });
  });

  it('goes on as it is when the server refused it for good', async () => {
    const refusal = refused(121);
    await expect(failing(refusal)).rejects.toBe(refusal);
  });

  it('names the duplicates only when there is nothing else', () => {
    expect(duplicatesOf(refused(11_000, 11_000))).toEqual([0, 10]);
    expect(duplicatesOf(refused(11_000, 121))).toBeUndefined();
    expect(duplicatesOf(bulkError(new MongoNetworkError('connection closed')))).toBeUndefined();
    expect(duplicatesOf(new Error('else'))).toBeUndefined();
  });
});
