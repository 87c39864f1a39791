#!/usr/bin/env bash
# openapi-typescript makes a property with a default, which a client need not send, a property that it has to send - when the
# schema of the body has a name. The same schema written out in the request body leaves it optional.
#
# Expected: `limit?: number` for both: in what is sent a default is what the server takes when nothing is there.
# Seen:     `limit?: number` in a body that is written out, `limit: number` when the body is {"$ref": "#/components/schemas/Ask"}.
# Way out:  --default-non-nullable=false, which whoever generates has to know of; or a document that says what is taken in the
#           description in place of `default`.
#
# Versions: openapi-typescript 7.13.0, typescript 5.9.3. Needs Node 22 and npm.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "private": true }' >package.json
npm install --silent --no-audit --no-fund openapi-typescript@7.13.0 typescript@5.9.3

ask='{ "type": "object", "properties": { "limit": { "type": "integer", "default": 50 } } }'
# Arguments: schema of the body, options. Prints the line of `limit`.
line_of() {
  local body=$1
  shift
  cat >api.json <<JSON
{ "openapi": "3.1.0", "info": { "title": "T", "version": "1" },
  "paths": { "/ask": { "post": { "operationId": "ask",
    "requestBody": { "required": true, "content": { "application/json": { "schema": $body } } },
    "responses": { "204": { "description": "Done." } } } } },
  "components": { "schemas": { "Ask": $ask } } }
JSON
  node_modules/.bin/openapi-typescript api.json --output api.d.ts "$@" >log 2>&1
  if [ "$body" = "$ask" ]; then sed -n '/requestBody: {/,$p' api.d.ts; else sed -n '/ Ask: {/,$p' api.d.ts; fi |
    grep -m1 -o 'limit?*: number'
}

failed=0
expect() {
  echo "$1: $2"
  [ "$2" = "$3" ] || { echo "CHANGED: it was $3"; failed=1; }
}
named='{ "$ref": "#/components/schemas/Ask" }'
expect 'written out' "$(line_of "$ask")" 'limit?: number'
expect 'by its name' "$(line_of "$named")" 'limit: number'
expect 'by its name, --default-non-nullable=false' "$(line_of "$named" --default-non-nullable=false)" 'limit?: number'
exit "$failed"
