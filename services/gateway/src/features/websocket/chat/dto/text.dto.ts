import { textFault } from '@parlance/proto';
import { z } from 'zod';

/** Any text that can be stored and told again as it is: well-formed Unicode. */
export function textDto() {
  return z.string().refine((text) => textFault(text) === undefined, 'is not well-formed Unicode');
}
