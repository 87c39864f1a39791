import { fileURLToPath } from 'node:url';

/** Arguments of Node that load the sabotage named in the environment. */
export const sabotageArguments = [
  '--import',
  fileURLToPath(new URL('../../dist/sabotage/register.js', import.meta.url)),
] as const;
