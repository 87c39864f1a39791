import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ArchiveFault } from '../archive-fault.js';
import {
  type ArchiveStore,
  type ArchiveUpload,
  type ByteRange,
  checkedKey,
  type ListedObject,
  type UnfinishedUpload,
} from './archive-store.js';
import { attemptsOf, s3Attempt } from './s3-fault.js';
import type { S3Options } from './s3-options.js';
import { S3Upload } from './s3-upload.js';

/**
 * Archives in a bucket of S3 or what speaks its API. It needs no more of it than Put, Get with one range, Head, List, Delete
 * and Multipart, and `If-None-Match: *` on Put and on the completion of a multipart upload; to find what was never finished also the
 * list of multipart uploads. A request is tried four times and
 * ends by itself.
 */
export class S3ArchiveStore implements ArchiveStore {
  private readonly client: S3Client;
  private readonly bucket: string;
  private readonly prefix: string;
  private readonly requestTimeoutMs: number;

  constructor(options: S3Options) {
    const { endpoint, region, credentials, forcePathStyle, bucket, prefix = '', requestTimeoutMs = 30_000 } = options;
    this.bucket = bucket;
    this.requestTimeoutMs = requestTimeoutMs;
    this.prefix = prefix === '' ? '' : `${checkedKey(prefix)}/`;
    this.client = new S3Client({
      region,
      maxAttempts: 4,
      // Whoever reads has hashes of his own, and knows what to call a difference.
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: { connectionTimeout: 5_000, requestTimeout: requestTimeoutMs, throwOnRequestTimeout: true },
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(forcePathStyle === undefined ? {} : { forcePathStyle }),
      ...(credentials === undefined ? {} : { credentials }),
    });
  }

  async upload(key: string): Promise<ArchiveUpload> {
    checkedKey(key);
    return new S3Upload(
      this.client,
      this.at(key),
      (bytes) => this.put(key, bytes),
      () => this.head(key),
    );
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const put = new PutObjectCommand({ ...this.at(key), Body: bytes, ContentLength: bytes.length, IfNoneMatch: '*' });
    try {
      await s3Attempt(`${key} cannot be put`, () => this.client.send(put));
    } catch (thrown) {
      // Asked again after a lost answer, the server finds the first attempt's object in the way.
      const isExisting = thrown instanceof ArchiveFault && thrown.trouble === 'exists';
      if (!isExisting || attemptsOf(thrown) === 1 || !(await this.get(key)).equals(bytes)) throw thrown;
    }
  }

  async get(key: string, range?: ByteRange): Promise<Buffer> {
    return s3Attempt(`${key} cannot be read`, async () => {
      const Range = range && `bytes=${range.offset}-${range.offset + range.length - 1}`;
      const get = new GetObjectCommand({ ...this.at(key), Range });
      const { Body } = await this.client.send(get);
      const bytes = await allOf(Body as Readable, this.requestTimeoutMs);
      if (range && bytes.length !== range.length) {
        throw new ArchiveFault('damaged', `${key} gave ${bytes.length} bytes for a range of ${range.length}`);
      }
      return bytes;
    });
  }

  async head(key: string): Promise<{ readonly bytes: number } | undefined> {
    try {
      const found = await s3Attempt(`${key} cannot be looked at`, () =>
        this.client.send(new HeadObjectCommand(this.at(key))),
      );
      return { bytes: found.ContentLength ?? 0 };
    } catch (thrown) {
      if (thrown instanceof ArchiveFault && thrown.trouble === 'missing') return undefined;
      throw thrown;
    }
  }

  async *list(prefix: string): AsyncGenerator<ListedObject> {
    let ContinuationToken: string | undefined;
    do {
      const list = new ListObjectsV2Command({ Bucket: this.bucket, Prefix: this.prefix + prefix, ContinuationToken });
      const page = await s3Attempt('the archive cannot be listed', () => this.client.send(list));
      for (const { Key, Size } of page.Contents ?? []) {
        if (Key !== undefined) yield { key: Key.slice(this.prefix.length), bytes: Size ?? 0 };
      }
      ContinuationToken = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (ContinuationToken !== undefined);
  }

  async delete(key: string): Promise<void> {
    await s3Attempt(`${key} cannot be deleted`, () => this.client.send(new DeleteObjectCommand(this.at(key))));
  }

  async *unfinished(): AsyncGenerator<UnfinishedUpload> {
    let from: { readonly KeyMarker?: string | undefined; readonly UploadIdMarker?: string | undefined } = {};
    for (let isMore = true; isMore; ) {
      const list = new ListMultipartUploadsCommand({ Bucket: this.bucket, Prefix: this.prefix, ...from });
      const page = await s3Attempt('what is being written cannot be listed', () => this.client.send(list));
      for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
        if (Key === undefined || UploadId === undefined || Initiated === undefined) continue;
        const key = Key.slice(this.prefix.length);
        yield { id: UploadId, key, bytes: undefined, touchedAt: Initiated.getTime() };
      }
      isMore = page.IsTruncated === true;
      from = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
    }
  }

  async discard({ id, key = '' }: UnfinishedUpload): Promise<void> {
    const abort = new AbortMultipartUploadCommand({ ...this.at(key), UploadId: id });
    try {
      await s3Attempt(`the upload of ${key} cannot be removed`, () => this.client.send(abort));
    } catch (thrown) {
      if (!(thrown instanceof ArchiveFault && thrown.trouble === 'missing')) throw thrown;
    }
  }

  private at(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.bucket, Key: this.prefix + checkedKey(key) };
  }
}

/** The body of an answer. The client's own time-outs end when the body begins. */
async function allOf(body: Readable, timeoutMs: number): Promise<Buffer> {
  const timer = setTimeout(() => body.destroy(new Error(`the answer stopped for ${timeoutMs} ms`)), timeoutMs);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of body) {
      timer.refresh();
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(timer);
  }
}
