#!/usr/bin/env bash
# redocly lint calls an AsyncAPI 3.0 document invalid when a server has a `title`, which AsyncAPI 3.0 has there
# (https://www.asyncapi.com/docs/reference/specification/v3.0.0#serverObject: "title: A human-friendly title for the server").
#
# Expected: valid, as AsyncAPI's own parser says; channels, operations and messages may have their titles here too.
# Seen:     error struct: Property `title` is not expected here. Exit code 1.
# Way out:  say it in `description`.
#
# Versions: @redocly/cli 2.77.0, @asyncapi/parser 3.6.6. Needs Node 22.12 and npm.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @redocly/cli@2.77.0 @asyncapi/parser@3.6.6
cat >api.json <<'JSON'
{ "asyncapi": "3.0.0", "info": { "title": "T", "version": "1" },
  "servers": { "main": { "host": "127.0.0.1:3000", "protocol": "ws", "title": "The main server" } },
  "channels": {}, "operations": {} }
JSON
cat >errors.js <<'JS'
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
const { diagnostics } = await new Parser().parse(readFileSync('api.json', 'utf8'));
console.log(diagnostics.filter(({ severity }) => severity === 0).length);
JS
failed=0
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
if node_modules/.bin/redocly lint --format stylish api.json >redocly.log 2>&1; then echo 'CHANGED: redocly takes it now'; failed=1; fi
grep -m1 'Property `title` is not expected here' redocly.log || { echo 'CHANGED: another message:'; cat redocly.log; failed=1; }
errors=$(node errors.js)
echo "errors of AsyncAPI's parser: $errors"
[ "$errors" = 0 ] || { echo 'CHANGED: the parser does not take it'; failed=1; }
exit "$failed"
