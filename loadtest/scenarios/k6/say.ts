// k6 has a console; @types/k6 leaves it to the DOM's types.
declare const console: { error(line: string): void };

/** One line into k6's log, which it prints on stderr. */
export function say(line: string): void {
  // oxlint-disable-next-line no-console -- k6 has no other way to say something while it runs
  console.error(line);
}
