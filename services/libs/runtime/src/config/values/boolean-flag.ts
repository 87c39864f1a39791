import { z } from 'zod';

/** Schema of a switch: the string `true` or `false`, nothing else. Add `.default(false)`. */
export function booleanFlag() {
  return z.enum(['true', 'false']).transform((text) => text === 'true');
}
