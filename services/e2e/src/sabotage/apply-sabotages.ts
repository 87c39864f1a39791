import { registerHooks } from 'node:module';
import { applyEdits } from './sabotage.js';
import { type SabotageName, sabotages } from './sabotages.js';

/** Applies sabotages to the code that this process loads from now on. Modules that are loaded already stay as they are. */
export function applySabotages(names: readonly SabotageName[]): void {
  const edits = names.flatMap((name) => sabotages[name].edits);
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!edits.some(({ file }) => url.endsWith(file))) return loaded;
      return { ...loaded, source: applyEdits(edits, url, Buffer.from(loaded.source as Uint8Array).toString()) };
    },
  });
}
