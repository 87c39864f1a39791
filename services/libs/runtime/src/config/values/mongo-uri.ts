import { z } from 'zod';

/** Schema of a MongoDB connection string that names its database. */
export function mongoUri() {
  return z
    .string()
    .transform((text) => text.trim().replace(/^[a-z+]+(?=:)/i, (scheme) => scheme.toLowerCase()))
    .refine((text) => /^mongodb(\+srv)?:\/\/[^/]+\/[^/?\s]+(\?\S*)?$/.test(text), {
      message: 'must be mongodb://HOSTS/DATABASE or mongodb+srv://HOST/DATABASE, with the name of the database',
    });
}
