import { type ParseArgsConfig, parseArgs } from 'node:util';

/**
 * Reads what a program was started with. `--help` and whatever is wrong end the process, with 0 and 2.
 *
 * @param numbers Whole numbers above 0, each with what it is where it is not given.
 */
export function readOptions<
  const Numbers extends Readonly<Record<string, number | undefined>>,
  const Text extends string = never,
  const Flag extends string = never,
>(usage: string, numbers: Numbers, others: OtherOptions<keyof Numbers, Text, Flag> = {}): Options<Numbers, Text, Flag> {
  const { orNone = [], texts = [], flags = [], names } = others;
  const options: ParseArgsConfig['options'] = { help: { type: 'boolean' } };
  for (const name of [...Object.keys(numbers), ...texts]) options[name] = { type: 'string' };
  for (const name of flags) options[name] = { type: 'boolean', default: false };
  const { values, positionals } = parseArgs({ options, allowPositionals: names !== undefined });
  if (values['help']) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const unknown = positionals.filter((name) => !names?.known.includes(name));
  if (unknown.length > 0) refuse(`There is no ${names?.what} called ${unknown.join(', ')}; --help lists them.`);
  const read = Object.entries(numbers).map(([name, otherwise]) => {
    const given = values[name];
    if (given === undefined) return [name, otherwise] as const;
    const [value, least] = [Number(given), orNone.includes(name) ? 0 : 1];
    if (Number.isSafeInteger(value) && value >= least) return [name, value] as const;
    return refuse(`--${name} takes a whole number${least === 1 ? ' above 0' : ''}, not "${String(given)}".`);
  });
  return { ...values, ...Object.fromEntries(read), names: positionals } as object as Options<Numbers, Text, Flag>;
}

/** Ends the process because of what it was told. */
export function refuse(reason: string): never {
  process.stderr.write(`${reason}\n`);
  process.exit(2);
}

/** What a program may be told beside numbers. */
export interface OtherOptions<Number, Text, Flag> {
  /** Those of the numbers that may be 0. */
  readonly orNone?: readonly Number[];
  readonly texts?: readonly Text[];
  readonly flags?: readonly Flag[];
  /** What may stand behind the options, and what such a thing is called. */
  readonly names?: { readonly what: string; readonly known: readonly string[] };
}

/** What it was told. */
export type Options<Numbers, Text extends string, Flag extends string> = {
  readonly [Name in keyof Numbers]: Numbers[Name] extends number ? number : number | undefined;
} & { readonly [Name in Text]?: string } & { readonly [Name in Flag]: boolean } & {
  readonly names: readonly string[];
};
