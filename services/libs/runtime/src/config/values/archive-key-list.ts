import { z } from 'zod';

/** Schema of keys with names, `ID:KEY` separated by commas; each key is 32 bytes in base64 or base64url. */
export function archiveKeyList() {
  return z
    .string()
    .meta({ title: 'comma-separated list of ID:KEY, each key 32 bytes in base64' })
    .transform((text, context): readonly NamedKey[] => {
      const keys = text.split(',').map((item) => keyOf(item.trim()));
      const faulty = keys.findIndex((key) => key === undefined);
      const found = keys.filter((key) => key !== undefined);
      if (faulty >= 0) {
        context.addIssue({
          code: 'custom',
          message: `item ${faulty + 1} must be ID:KEY, with 32 bytes in base64 as key`,
        });
      } else if (new Set(found.map(({ id }) => id)).size < found.length) {
        context.addIssue({ code: 'custom', message: 'names an id twice' });
      }
      return found;
    });
}

/** A key and its name. */
export interface NamedKey {
  readonly id: string;
  /** 32 bytes, in base64 or base64url. */
  readonly key: string;
}

function keyOf(item: string): NamedKey | undefined {
  const [, id, key] = /^([\w.-]{1,32}):([A-Za-z0-9+/_-]{43}=?)$/.exec(item) ?? [];
  return id === undefined || key === undefined ? undefined : { id, key };
}
