import { mkdirSync, writeFileSync } from 'node:fs';
import { clientTypes } from './client-types.js';

/** Writes the types of what clients send and receive, `src/operations/gen/client-types.ts`: the same bytes for the same schemas. */
const folder = new URL('../../src/operations/gen/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('client-types.ts', folder), clientTypes());
