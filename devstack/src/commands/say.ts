/** Tells a person something: one line, or several, on stdout. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Tells a person that something is wrong, on stderr. */
export function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}
