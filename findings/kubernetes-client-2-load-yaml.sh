#!/usr/bin/env bash
# @kubernetes/client-node: `loadYaml` of a CustomResourceDefinition renames keywords of the JSON Schema in it (`enum` becomes
# `_enum`, `default` becomes `_default`): they are names of its TypeScript model. Whoever gives that schema to anything else than
# this client, a validator or a generator, has a schema in which those keywords are unknown words and allow everything.
#
# Expected: a loaded schema means what the file says: a validator refuses `size: huge` where the file has `enum: [small, large]`.
# Seen:     the validator accepts it. A plain YAML parser on the same file gives a schema that refuses it.
# Way out:  read schemas with a YAML parser; `dumpYaml` of the loaded object writes `enum` again.
#
# Versions: @kubernetes/client-node 2.0.1, ajv 8.17.1, yaml 2.8.1. Needs Node 22.15 and npm.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "name": "finding", "version": "1.0.0", "type": "module", "private": true }' >package.json
npm install --silent --no-audit --no-fund @kubernetes/client-node@2.0.1 ajv@8.17.1 yaml@2.8.1
cat >crd.yaml <<'YAML'
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: shirts.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Shirt, plural: shirts }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            size: { type: string, enum: [small, large], default: small }
YAML
cat >load.js <<'JS'
import { readFileSync } from 'node:fs';
import { dumpYaml, loadYaml } from '@kubernetes/client-node';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
console.log('@kubernetes/client-node', JSON.parse(readFileSync('node_modules/@kubernetes/client-node/package.json')).version);
const text = readFileSync('crd.yaml', 'utf8');
const schemaOf = (crd) => crd.spec.versions[0].schema.openAPIV3Schema;
const accepts = (crd) => new Ajv({ strict: false }).validate(schemaOf(crd), { size: 'huge' });
const loaded = loadYaml(text);
console.log('keywords of size:', Object.keys(schemaOf(loaded).properties.size).filter((key) => schemaOf(loaded).properties.size[key] !== undefined).join(', '));
const results = { 'loadYaml': accepts(loaded), 'yaml': accepts(parse(text)), 'dumpYaml of what loadYaml gave': accepts(parse(dumpYaml(loaded))) };
for (const [how, isAccepted] of Object.entries(results)) console.log(`${how}: size "huge" is ${isAccepted ? 'accepted' : 'refused'}`);
const expected = [true, false, false];
if (Object.values(results).some((value, index) => value !== expected[index])) { console.log('CHANGED'); process.exitCode = 1; }
JS
node load.js
