#!/usr/bin/env bash
# @grpc/proto-loader with `oneofs: true`: a proto3 field that is `optional` is, below the surface, a oneof of one field, with the name of
# the field behind an underscore. A decoded message gets a property for that as well, whose value is the name of the field.
#
# Expected: `oneofs: true` adds a property for each oneof that stands in the .proto.
# Seen:     beside `notBefore: '7'` a message has `_notBefore: 'notBefore'`. Whoever passes decoded messages on as JSON, or compares their keys,
#           sends it along. Where the field is absent neither is there, so tests with plain messages do not show it.
# Way out:  map decoded messages field by field, or leave `oneofs` out where the .proto has none of its own.
#
# Versions: @grpc/proto-loader 0.8.1 (protobufjs 7). Needs Node 20 and npm.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "name": "finding", "version": "1.0.0", "private": true }' >package.json
npm install --silent --no-audit --no-fund @grpc/proto-loader@0.8.1
cat >step.proto <<'P'
syntax = "proto3";
package finding;
message Step { string what = 1; optional int64 not_before = 2; }
service Steps { rpc Next(Step) returns (Step); }
P
cat >decode.cjs <<'JS'
const { loadSync } = require('@grpc/proto-loader');
console.log('@grpc/proto-loader', require('@grpc/proto-loader/package.json').version);
const seen = [true, false].map((oneofs) => {
  const { Next } = loadSync('step.proto', { longs: String, oneofs })['finding.Steps'];
  return [{ what: 'move', notBefore: 7 }, { what: 'move' }].map((step) => JSON.stringify(Next.requestDeserialize(Next.requestSerialize(step))));
});
console.log('with oneofs:', ...seen[0]);
console.log('without:    ', ...seen[1]);
const expected = [
  ['{"what":"move","notBefore":"7","_notBefore":"notBefore"}', '{"what":"move"}'],
  ['{"what":"move","notBefore":"7"}', '{"what":"move"}'],
];
if (JSON.stringify(seen) !== JSON.stringify(expected)) { console.log('CHANGED'); process.exitCode = 1; }
JS
node decode.cjs
