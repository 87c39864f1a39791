#!/usr/bin/env bash
# @kubernetes/client-node: every request over TLS makes a connection of its own. The client builds a new undici Agent for each
# request, and an Agent shares connections with no other, so the handshake is paid each time; the connection stays open, unused, until
# undici's four seconds of keep-alive are over.
#
# Expected: requests one after the other, through one API object, go over one connection, as with client-go or kubectl.
# Seen:     five requests, five TLS connections. A loop that looks twice a second has eight of them open, and pays eight
#           handshakes in that time on both sides.
# Way out:  give requests the dispatcher of an earlier one whose certificates were the same (RequestContext.setDispatcher).
#
# Versions: @kubernetes/client-node 2.0.1. Needs Node 22.15, npm and openssl.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "name": "finding", "version": "1.0.0", "type": "module", "private": true }' >package.json
npm install --silent --no-audit --no-fund @kubernetes/client-node@2.0.1
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost -keyout key.pem -out cert.pem 2>/dev/null
cat >connections.js <<'JS'
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
console.log('@kubernetes/client-node', JSON.parse(readFileSync('node_modules/@kubernetes/client-node/package.json')).version);
let connections = 0;
const server = createServer({ key: readFileSync('key.pem'), cert: readFileSync('cert.pem') }, (request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ kind: 'Namespace', apiVersion: 'v1', metadata: { name: 'default' } }));
}).on('secureConnection', () => (connections += 1));
await once(server.listen(0, 'localhost'), 'listening');
const kubeConfig = new KubeConfig();
kubeConfig.loadFromOptions({
  clusters: [{ name: 'c', server: `https://localhost:${server.address().port}`, caFile: 'cert.pem' }],
  users: [{ name: 'u' }],
  contexts: [{ name: 'x', cluster: 'c', user: 'u' }],
  currentContext: 'x',
});
const api = kubeConfig.makeApiClient(CoreV1Api);
for (let asked = 0; asked < 5; asked += 1) await api.readNamespace({ name: 'default' });
const open = await new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
console.log(`five requests, one after the other: ${connections} connections, ${open} of them open`);
server.close();
server.closeAllConnections();
if (connections !== 5) { console.log('CHANGED'); process.exitCode = 1; }
JS
node connections.js
