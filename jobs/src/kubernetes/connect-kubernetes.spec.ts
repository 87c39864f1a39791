import { once } from 'node:events';
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CoreV1Api } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectKubernetes } from './connect-kubernetes.js';

const certificates = fileURLToPath(new URL('../../../services/libs/runtime/test/fixtures/tls/', import.meta.url));
let folder: string;
let api: Server;
let connections = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parlance-kubernetes-'));
  const [key, cert] = ['localhost.key', 'localhost.pem'].map((name) => readFileSync(join(certificates, name)));
  api = createServer({ key, cert }, (_, response) => {
    response.setHeader('content-type', 'application/json').end('{"kind":"Namespace","apiVersion":"v1"}');
  }).on('secureConnection', () => (connections += 1));
  await once(api.listen(0, 'localhost'), 'listening');
});
afterAll(async () => {
  api.close();
  api.closeAllConnections();
  await once(api, 'close');
  rmSync(folder, { recursive: true });
});

it('asks over connections that it has, for as long as the certificates are the same', async () => {
  const authority = join(folder, 'authority.pem');
  copyFileSync(join(certificates, 'test-ca.pem'), authority);
  const kubeconfig = join(folder, 'kubeconfig');
  const server = `https://localhost:${(api.address() as AddressInfo).port}`;
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server, 'certificate-authority': authority } }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
  const { client } = await connectKubernetes({ kubeconfig, namespace: undefined });
  const core = client(CoreV1Api);
  const ask = async (): Promise<unknown> => (await core.readNamespace({ name: 'any' })).kind;
  for (let asked = 0; asked < 20; asked += 1) expect(await ask()).toBe('Namespace');
  // A second one where the first is not free yet when the next request begins; a third where the machine stood still for seconds.
  expect(connections).toBeLessThan(10);

  const before = connections;
  appendFileSync(authority, readFileSync(join(certificates, 'localhost.pem')));
  expect(await ask()).toBe('Namespace');
  expect(connections).toBe(before + 1);
});
