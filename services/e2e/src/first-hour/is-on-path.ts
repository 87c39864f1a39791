import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Whether one of `folders` holds a program of this name. */
export function isOnPath(name: string, folders: readonly string[]): boolean {
  return folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
