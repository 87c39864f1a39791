import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../run-program.js';
import type { Installation } from './installation.js';

const secretName = 'redis-certificates';

/**
 * Makes an authority and a certificate of it for the Redis of a release to be, for two days, and puts them into a Secret of its namespace.
 * Answers the settings that make the chart use them, with a user each for services and jobs. Needs openssl.
 */
export async function encryptRedis(installation: Installation): Promise<readonly string[]> {
  const { namespace, release } = installation;
  const domain = `${namespace}.svc.cluster.local`;
  const nodes = `${release}-redis-nodes.${domain}`;
  const names = [`${release}-redis.${domain}`, nodes, `*.${nodes}`].map((name) => `DNS:${name}`).join(',');
  const folder = await mkdtemp(join(tmpdir(), 'parlance-redis-tls-'));
  const at = (name: string): string => join(folder, name);
  const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'.split(' ');
  const authority = ['-keyout', at('ca.key'), '-out', at('ca.crt')];
  const request = ['-keyout', at('tls.key'), '-out', at('tls.csr')];
  const signing = ['-in', at('tls.csr'), '-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-extfile', at('ext')];
  try {
    await writeFile(at('ext'), `subjectAltName=${names}\nextendedKeyUsage=serverAuth,clientAuth\n`);
    await runProgram('openssl', ['req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=test authority', ...authority]);
    await runProgram('openssl', ['req', ...newKey, '-subj', '/CN=redis', ...request]);
    await runProgram('openssl', ['x509', '-req', '-days', '2', '-out', at('tls.crt'), ...signing]);
    const files = ['ca.crt', 'tls.crt', 'tls.key'].map(
      async (name) => [name, await readFile(at(name), 'utf8')] as const,
    );
    await installation.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await installation.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: secretName },
      stringData: Object.fromEntries(await Promise.all(files)),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return ['redis.acl.enabled=true', 'redis.tls.enabled=true', `redis.tls.existingSecret=${secretName}`];
}
