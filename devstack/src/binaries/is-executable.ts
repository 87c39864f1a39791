import { access, constants } from 'node:fs/promises';

/** Whether there is a file at `path` that this user may run. */
export function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
