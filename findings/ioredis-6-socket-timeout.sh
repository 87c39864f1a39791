#!/usr/bin/env bash
# ioredis: `socketTimeout` is a plain timer of the process. After the process itself has stood still for longer (a long
# computation, a paused container), the timer fires before the socket is read, although the answer has lain in the
# kernel all the time: a healthy connection is closed and the command fails.
#
# Expected: "socketTimeout: close the connection when no data was received for so long": an answer that arrived in time and
#           only was not read yet is data that was received. The command is answered with PONG.
# Seen:     "Socket timeout. Expecting data, but didn't receive any in 300ms." right after a stall of 1 s, against a server that
#           had answered within milliseconds, and the command fails. Without the option the same command is answered.
#
# Versions: ioredis 6.0.0, any Redis 7 (`redis-server` of PATH). Needs Node 22 and npm.
set -euo pipefail
dir=$(mktemp -d)
trap '[ -z "${server:-}" ] || kill "$server" 2>/dev/null; wait; rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "name": "finding", "version": "1.0.0", "type": "module", "private": true }' >package.json
npm install --silent --no-audit --no-fund ioredis@6.0.0
redis-server --version
redis-server --port 0 --unixsocket "$dir/redis.sock" --save '' --appendonly no --daemonize no >redis.log 2>&1 &
server=$!
cat >stall.js <<'JS'
import { existsSync, readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
console.log('ioredis', JSON.parse(readFileSync('node_modules/ioredis/package.json')).version);
while (!existsSync('redis.sock')) await new Promise((resolve) => setTimeout(resolve, 50));
async function pingAndStall(options) {
  const redis = new Redis({ path: 'redis.sock', maxRetriesPerRequest: 0, retryStrategy: null, ...options });
  const errors = [];
  redis.on('error', (error) => errors.push(error.message));
  await redis.ping();
  const answer = redis.ping().catch((error) => `${error.message}`);
  // The command leaves the process, and the server answers, before the process stands still.
  await new Promise((resolve) => setImmediate(resolve));
  const until = Date.now() + 1_000;
  while (Date.now() < until);
  const outcome = await answer;
  redis.disconnect();
  return [outcome, ...errors].join('; ');
}
const without = await pingAndStall({});
const withTimeout = await pingAndStall({ socketTimeout: 300 });
console.log('without socketTimeout:', without);
console.log('with socketTimeout 300:', withTimeout);
if (without !== 'PONG') { console.log('CHANGED: the command fails without the option too'); process.exitCode = 1; }
if (!/Socket timeout/.test(withTimeout) || /PONG/.test(withTimeout)) { console.log('CHANGED: the answer is taken'); process.exitCode = 1; }
JS
node stall.js
