/** Paths of all values, maps among them: `gateway`, `gateway.pdb`, `gateway.pdb.enabled`. A list is one value. Pure. */
export function valuePaths(values: unknown, prefix = ''): readonly string[] {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return [];
  return Object.entries(values).flatMap(([name, value]) => [
    `${prefix}${name}`,
    ...valuePaths(value, `${prefix}${name}.`),
  ]);
}
