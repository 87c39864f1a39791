#!/usr/bin/env bash
# @kubernetes/client-node: the errors of one call have `code`s of two kinds that cannot be told apart by looking at `code`. An answer
# of the server is an ApiException whose `code` is the HTTP status, a number. A call that ran into its time-out rejects with the
# DOMException of AbortSignal.timeout(), whose `code` is the legacy number 23: `error.code` is a number there as well.
#
# Expected: what never had an HTTP answer has no number in the place of the HTTP status; code that says "a numeric code below 500 is
#           the caller's fault, do not retry" is right.
# Seen:     a time-out has code 23, so such code takes it for an answer of the server that is not worth a retry.
# Way out:  ask for `instanceof ApiException` before `code` is read.
#
# Versions: @kubernetes/client-node 2.0.1. Needs Node 22.15 and npm.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "name": "finding", "version": "1.0.0", "type": "module", "private": true }' >package.json
npm install --silent --no-audit --no-fund @kubernetes/client-node@2.0.1
cat >timeout.js <<'JS'
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { ApiException, CoreV1Api, createConfiguration, KubeConfig, ServerConfiguration } from '@kubernetes/client-node';
console.log('@kubernetes/client-node', JSON.parse(readFileSync('node_modules/@kubernetes/client-node/package.json')).version);
// An API that knows no namespace, and takes two seconds to say so of the slow one.
const server = createServer((request, response) => {
  const answer = () => {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 }));
  };
  if (request.url.includes('slow')) setTimeout(answer, 2_000);
  else answer();
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const kubeConfig = new KubeConfig();
kubeConfig.loadFromOptions({
  clusters: [{ name: 'c', server: `http://127.0.0.1:${server.address().port}`, skipTLSVerify: true }],
  users: [{ name: 'u' }],
  contexts: [{ name: 'x', cluster: 'c', user: 'u' }],
  currentContext: 'x',
});
const bounded = { pre: async (request) => { request.setSignal(AbortSignal.timeout(300)); return request; }, post: async (response) => response };
const baseServer = new ServerConfiguration(kubeConfig.getCurrentCluster().server, {});
const api = new CoreV1Api(createConfiguration({ baseServer, authMethods: { default: kubeConfig }, promiseMiddleware: [bounded] }));
const codeOf = (name) => api.readNamespace({ name }).then(() => 'no error', (error) => [error.constructor.name, typeof error.code, error.code, error instanceof ApiException]);
const answered = await codeOf('quick');
const late = await codeOf('slow');
server.close();
server.closeAllConnections();
console.log('an answer of the server:', answered.join(' '));
console.log('a time-out:', late.join(' '));
if (String(answered) !== 'ApiException,number,404,true') { console.log('CHANGED: an answer'); process.exitCode = 1; }
if (late[1] !== 'number' || late[2] !== 23 || late[3]) { console.log('CHANGED: a time-out'); process.exitCode = 1; }
JS
node timeout.js
