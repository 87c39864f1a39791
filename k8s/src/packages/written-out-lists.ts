/**
 * Declarations in which a type that is taken from a list, as `(typeof roomTypes)[number]`, is written out, as
 * `'1v1' | 'group'`: what stands on a page for people is what they may write. Pure.
 */
export function writtenOutLists(declarations: string): string {
  const lists = new Map(
    [...declarations.matchAll(/declare const (\w+): readonly \[([^\]]*)\];/g)].map(([, name, items = '']) => [
      name,
      items,
    ]),
  );
  return declarations.replaceAll(/\(typeof (\w+)\)\[number\]/g, (found, name: string) =>
    lists.has(name) ? (lists.get(name) ?? '').split(/,\s*/).join(' | ') : found,
  );
}
