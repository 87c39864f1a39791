#!/usr/bin/env bash
# openapi-python-client writes Python that cannot be read for a property that need not be there and whose value is a constant
# without a type: `truncated: {const: true}`, valid in OpenAPI 3.1 (JSON Schema 2020-12, section 6.1.3), becomes
#     if truncated != Trueand not isinstance(truncated, Unset):
# in from_dict of the model. The generator says nothing and ends with 0; the package of models cannot be imported at all.
#
# Expected: `if truncated != True and not isinstance(truncated, Unset):`, as it is meant.
# Seen:     SyntaxError: invalid syntax, when the models are imported. Constants that are text or required are not concerned.
# Way out:  say the type too, {"type": "boolean", "const": true}: the property is then any bool.
#
# Versions: openapi-python-client 0.29.1. Needs Python 3.11 or later.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet openapi-python-client==0.29.1
echo 'post_hooks: []' >config.yaml

# Arguments: name of the package, schema of the property. Prints what an import of the models ends with.
import_of() {
  cat >"$1.json" <<JSON
{ "openapi": "3.1.0", "info": { "title": "T", "version": "1" },
  "paths": { "/page": { "get": { "operationId": "getPage", "responses": { "200": { "description": "A page.",
    "content": { "application/json": { "schema": { "\$ref": "#/components/schemas/Page" } } } } } } } },
  "components": { "schemas": { "Page": { "type": "object", "properties": { "truncated": $2 } } } } }
JSON
  venv/bin/openapi-python-client generate --config config.yaml --meta none --path "$1.json" --output-path "$1" >"$1.log" 2>&1 ||
    { echo "the generator ended with $?"; return; }
  { venv/bin/python -c "import $1.models" 2>&1 || true; } | tail -1
}

failed=0
seen=$(import_of without_type '{ "const": true }')
echo "without a type: ${seen:-imported}"
[ "$seen" = 'SyntaxError: invalid syntax' ] || { echo 'CHANGED: expected a SyntaxError'; failed=1; }
grep -n 'Trueand' without_type/models/page.py || { echo 'CHANGED: the line is another one now'; failed=1; }
seen=$(import_of with_type '{ "type": "boolean", "const": true }')
echo "with a type: ${seen:-imported}"
[ -z "$seen" ] || { echo 'CHANGED: the way out does not work any more'; failed=1; }
exit "$failed"
