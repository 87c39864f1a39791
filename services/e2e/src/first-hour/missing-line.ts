/**
 * The first of `lines` that `output` does not hold behind the ones before it; `undefined` when all are there. A line counts as there
 * when one of the output contains it, without the space around it; `...` at its end, or all of it, stands for anything. Pure.
 */
export function missingLine(output: string, lines: readonly string[]): string | undefined {
  const said = output.split('\n');
  let at = 0;
  for (const line of lines.map((each) => each.replace(/\.\.\.\s*$/, '').trim())) {
    if (line === '') continue;
    const found = said.findIndex((each, index) => index >= at && each.includes(line));
    if (found === -1) return line;
    at = found + 1;
  }
  return undefined;
}
