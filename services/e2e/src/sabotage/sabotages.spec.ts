import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyEdits, type Sabotage } from './sabotage.js';
import { sabotages } from './sabotages.js';

const root = join(import.meta.dirname, '../../../..');

describe('sabotages', () => {
  it.each(Object.entries<Sabotage>(sabotages))('%s finds its text in the code that was built', (_name, { edits }) => {
    for (const { file } of edits) {
      const path = ['', 'services', 'services/libs'].map((parent) => join(root, parent, file)).find(existsSync);
      expect(path, file).toBeDefined();
      expect(() => applyEdits(edits, path ?? '', readFileSync(path ?? '', 'utf8'))).not.toThrow();
    }
  });
});
