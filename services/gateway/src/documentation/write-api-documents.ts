import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncApiDocument } from '../features/docs/asyncapi-document.js';
import { openApiDocument } from '../features/docs/openapi-document.js';

/** Writes `openapi.json` and `asyncapi.json` into a folder: the same bytes for the same schemas. */
function writeApiDocuments(directory: string): void {
  for (const [name, document] of [
    ['openapi.json', openApiDocument()],
    ['asyncapi.json', asyncApiDocument()],
  ] as const) {
    writeFileSync(join(directory, name), `${JSON.stringify(document, null, 2)}\n`);
  }
}

if (import.meta.main) {
  const [directory] = process.argv.slice(2);
  if (directory === undefined) {
    process.stderr.write('usage: write-api-documents TARGET_DIR\n');
    process.exitCode = 2;
  } else {
    writeApiDocuments(directory);
  }
}
