import type { RolldownOutput } from 'rolldown';

/**
 * Lets what is installed with a package out of its bundle: Node's own modules, and entries of the packages in `installed`. Pure.
 */
export function isInstalled(id: string, installed: readonly string[]): boolean {
  const depth = id.startsWith('@') ? 2 : 1;
  return id.startsWith('node:') || installed.includes(id.split('/').slice(0, depth).join('/'));
}

/** @throws Error when what was written imports something that is not installed with the package. */
export function refuseStrangers(outputs: readonly RolldownOutput[], installed: readonly string[]): void {
  const imports = outputs.flatMap(({ output }) =>
    output.flatMap((file) => (file.type === 'chunk' ? [...file.imports, ...file.dynamicImports] : [])),
  );
  const strangers = imports.filter((id) => !isInstalled(id, installed));
  if (strangers.length > 0) throw new Error(`what is not installed with it is imported: ${strangers.join(', ')}`);
}
