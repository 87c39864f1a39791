import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../run-program.js';

/** A key and a certificate that signs itself, for two days and one host. Needs openssl. */
export async function ingressCertificate(
  host: string,
): Promise<{ readonly key: string; readonly certificate: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'parlance-tls-'));
  const [key, certificate] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
  try {
    const what = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2'.split(' ');
    const where = ['-keyout', key, '-out', certificate];
    await runProgram('openssl', [...what, ...where, '-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`]);
    return { key: await readFile(key, 'utf8'), certificate: await readFile(certificate, 'utf8') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
