import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { ArchiveFault } from '../archive-fault.js';
import type { ArchiveUpload } from './archive-store.js';
import { attemptsOf, s3Attempt } from './s3-fault.js';

/** S3 takes parts from 5 MiB on, and 10,000 of them. */
const partBytes = 8 * 1024 * 1024;

/**
 * An object of any size: one Put when it is small, else parts of 8 MiB, of which one is sent while the next fills. After the
 * completion the object is looked at: a server may answer 200 and have stored nothing (versitygw 1.8, after an abort).
 */
export class S3Upload implements ArchiveUpload {
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private bytes = 0;
  private uploadId: string | undefined;
  private sent: Promise<void> = Promise.resolve();
  private readonly parts: CompletedPart[] = [];
  private ended = false;

  constructor(
    private readonly client: S3Client,
    private readonly at: { readonly Bucket: string; readonly Key: string },
    private readonly put: (bytes: Buffer) => Promise<void>,
    private readonly head: () => Promise<{ readonly bytes: number } | undefined>,
  ) {}

  async write(bytes: Uint8Array): Promise<void> {
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    this.bytes += bytes.length;
    if (this.waitingBytes < partBytes) return;
    await this.sent;
    const part = this.take();
    this.uploadId ??= await this.begin();
    this.sent = this.send(this.uploadId, part);
    // Whoever awaits it next is told; until then it must not count as unhandled.
    this.sent.catch(() => undefined);
  }

  async finish(): Promise<void> {
    const uploadId = this.uploadId;
    if (uploadId === undefined) {
      await this.put(this.take());
    } else {
      await this.sent;
      if (this.waitingBytes > 0) await this.send(uploadId, this.take());
      await this.complete(uploadId);
    }
    this.ended = true;
  }

  async abort(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    this.waiting = [];
    await this.sent.catch(() => undefined);
    if (this.uploadId === undefined) return;
    const abort = new AbortMultipartUploadCommand({ ...this.at, UploadId: this.uploadId });
    // What stays of it is nobody's object; buckets have a rule that removes uploads that were not completed.
    await this.client.send(abort).catch(() => undefined);
  }

  private async begin(): Promise<string> {
    const { UploadId } = await s3Attempt(`${this.at.Key} cannot be begun`, () =>
      this.client.send(new CreateMultipartUploadCommand({ ...this.at, ChecksumAlgorithm: 'CRC32' })),
    );
    if (UploadId === undefined) throw new ArchiveFault('unavailable', `${this.at.Key}: the server gave no upload id`);
    return UploadId;
  }

  private async send(UploadId: string, Body: Buffer): Promise<void> {
    const PartNumber = this.parts.length + 1;
    const part = new UploadPartCommand({
      ...this.at,
      UploadId,
      PartNumber,
      Body,
      ContentLength: Body.length,
      ChecksumAlgorithm: 'CRC32',
    });
    const { ETag, ChecksumCRC32 } = await s3Attempt(`part ${PartNumber} of ${this.at.Key} cannot be put`, () =>
      this.client.send(part),
    );
    this.parts.push({ PartNumber, ETag, ChecksumCRC32 });
  }

  private async complete(UploadId: string): Promise<void> {
    const complete = new CompleteMultipartUploadCommand({
      ...this.at,
      UploadId,
      MultipartUpload: { Parts: this.parts },
      IfNoneMatch: '*',
    });
    try {
      await s3Attempt(`${this.at.Key} cannot be finished`, () => this.client.send(complete));
    } catch (thrown) {
      // Asked again after a lost answer, the server does not know the upload any more.
      if (attemptsOf(thrown) === 1) throw thrown;
      if ((await this.head())?.bytes !== this.bytes) throw thrown;
    }
    const stored = await this.head();
    if (stored?.bytes === this.bytes) return;
    throw new ArchiveFault(
      'unavailable',
      `${this.at.Key}: the server said it is stored, and has ${stored?.bytes ?? 'none'} of ${this.bytes} bytes`,
    );
  }

  private take(): Buffer {
    const part = Buffer.concat(this.waiting);
    this.waiting = [];
    this.waitingBytes = 0;
    return part;
  }
}
