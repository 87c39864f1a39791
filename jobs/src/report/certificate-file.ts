import { existsSync } from 'node:fs';
import { link, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { JobFailed } from '../job-failed.js';

/** A file that a certificate is written to, whole or not at all, and never over another. */
export class CertificateFile {
  private constructor(
    private readonly path: string,
    private readonly partial: string,
  ) {}

  /**
   * Looks whether it can be written, before anything is done. `run` names what lies beside it until it is whole.
   * @throws JobFailed when something stands there, or no folder does.
   */
  static async open(path: string, run: string): Promise<CertificateFile> {
    if (existsSync(path)) throw new JobFailed(`${path} is there already: a certificate is not written over`);
    if (!existsSync(dirname(path))) throw new JobFailed(`${dirname(path)} is not there: no certificate can be written`);
    return new CertificateFile(path, join(dirname(path), `.${run}`));
  }

  /**
   * Writes values as JSON, durably.
   * @throws JobFailed when something stands there by now; those of the file system.
   */
  async write(certificate: Readonly<Record<string, unknown>>): Promise<void> {
    const { partial } = this;
    try {
      await using file = await open(partial, 'wx', 0o600);
      await file.writeFile(`${JSON.stringify(certificate, undefined, 2)}\n`);
      await file.sync();
      await link(partial, this.path);
      await using folder = await open(dirname(this.path), 'r');
      await folder.sync();
    } catch (thrown) {
      const isTaken = thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST';
      throw isTaken ? new JobFailed(`${this.path} is there by now: the certificate is not written over it`) : thrown;
    } finally {
      await rm(partial, { force: true });
    }
  }
}
