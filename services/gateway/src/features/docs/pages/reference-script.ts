import { readFile } from 'node:fs/promises';
import { ServedFile } from './served-file.js';

/** Where `pack-reference` leaves what {@link readReferenceScript} reads. */
export const referenceFolder = new URL('../../../../dist-docs/', import.meta.url);

/** The script of the API reference, as it was packed when the gateway was built; undefined where it was not. */
export async function readReferenceScript(): Promise<ServedFile | undefined> {
  const read = (ending: string) => readFile(new URL(`reference.js.${ending}`, referenceFolder));
  try {
    const [br, gzip] = await Promise.all([read('br'), read('gz')]);
    return new ServedFile({ type: 'text/javascript; charset=utf-8', packed: { br, gzip }, isNamedByContent: true });
  } catch {
    return undefined;
  }
}
