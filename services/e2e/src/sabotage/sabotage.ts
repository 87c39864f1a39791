/** A fault that is put into a service's compiled code while it is loaded; nothing of it exists in the product. */
export interface Sabotage {
  /** What is wrong then. */
  readonly what: string;
  readonly edits: readonly Edit[];
}

/** One replacement in one compiled file. The text has to be there exactly once, so that a plant cannot silently do nothing. */
export interface Edit {
  /** End of the file's path, from the workspace's `dist/` on: "chat-service/dist/features/log/room-log.js". */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Applies the edits that concern a file. Throws where a text is not there exactly once. */
export function applyEdits(edits: readonly Edit[], url: string, source: string): string {
  let result = source;
  for (const { file, find, replace } of edits.filter(({ file }) => url.endsWith(file))) {
    const parts = result.split(find);
    if (parts.length !== 2)
      throw new Error(`sabotage: ${parts.length - 1} places in ${file} read ${JSON.stringify(find)}`);
    result = parts.join(replace);
  }
  return result;
}
