import type { z } from 'zod';

/**
 * Where a field belongs that a schema does not know: one of the same object with nearly the same name, or one of that name
 * in another object of the payload. Fields that the payload has already are no answer. Pure.
 *
 * @param at path of the object that has the unknown field.
 * @returns what to say of it, which repeats no text of the sender; undefined when nothing is near.
 */
export function likelyField(
  schema: z.ZodType,
  payload: unknown,
  at: readonly PropertyKey[],
  name: string,
): string | undefined {
  const free = fieldsOf(schema).filter(({ path }) => !isGiven(payload, path));
  const beside = free.filter(({ path }) => path.slice(0, -1).join('.') === at.join('.')).map(lastOf);
  const near = nearest(name, beside);
  if (near !== undefined) return `did you mean ${near}?`;
  const [place] = free.filter((field) => plain(lastOf(field)) === plain(name));
  if (place === undefined) return undefined;
  return place.path.length === 1
    ? `${lastOf(place)} stands beside ${String(at[0])}`
    : `its place is ${place.path.join('.')}`;
}

interface Field {
  readonly path: readonly string[];
}

/** All fields of objects in objects. */
function fieldsOf(schema: z.ZodType, above: readonly string[] = []): readonly Field[] {
  const {
    in: piped,
    innerType = piped,
    shape = {},
  } = schema._zod.def as {
    readonly in?: z.ZodType;
    readonly innerType?: z.ZodType;
    readonly shape?: Readonly<Record<string, z.ZodType>>;
  };
  if (innerType !== undefined) return fieldsOf(innerType, above);
  return Object.entries(shape).flatMap(([name, inner]) => {
    const path = [...above, name];
    return [{ path }, ...fieldsOf(inner, path)];
  });
}

function lastOf({ path }: Field): string {
  return path.at(-1) ?? '';
}

function isGiven(payload: unknown, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return true;
  if (typeof payload !== 'object' || payload === null || !Object.hasOwn(payload, first)) return false;
  return isGiven((payload as Readonly<Record<string, unknown>>)[first], rest);
}

/** The known name with the fewest letters wrong, two at most and a third of it; else the only one of which the given one is an end. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((each) => ({ each, distance: distanceOf(plain(name), plain(each)) }))
    .filter(({ each, distance }) => distance <= Math.min(2, each.length / 3))
    .toSorted((one, other) => one.distance - other.distance);
  if (best !== undefined) return best.each;
  const ends = known.filter((each) => name.length >= 4 && plain(each).endsWith(plain(name)));
  return ends.length === 1 ? ends[0] : undefined;
}

function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

/** Letters to put in, take out, change or swap with the next (optimal string alignment). */
function distanceOf(one: string, other: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1];
      let least = Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      next.push(least);
    }
    [before, row] = [row, next];
  }
  return row.at(-1) ?? 0;
}
