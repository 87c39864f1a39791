/** True when no more than a line is hidden below. */
export function isAtEnd(log: HTMLElement): boolean {
  return log.scrollHeight - log.scrollTop - log.clientHeight < 40;
}

/** Distance of a row from the top of the view, pixels; negative above it. */
export function topOf(log: HTMLElement, row: HTMLElement): number {
  return row.getBoundingClientRect().top - log.getBoundingClientRect().top;
}

/** Distance of a row's end from the top of the view, pixels. */
export function bottomOf(log: HTMLElement, row: HTMLElement | undefined): number {
  return row ? row.getBoundingClientRect().bottom - log.getBoundingClientRect().top : 0;
}

/** The first message that reaches into the view; undefined in an empty log. Headings are none: they move when older rows come. */
export function rowAtTop(log: HTMLElement): HTMLElement | undefined {
  const rows = log.querySelectorAll<HTMLElement>('.message');
  return rows[firstIndex(rows.length, (index) => bottomOf(log, rows[index]) > 0)];
}

/** Id of the last message (`data-id`) whose end is in view, 0 for none. */
export function lastSeenId(log: HTMLElement): number {
  const rows = log.querySelectorAll<HTMLElement>('[data-id]');
  const below = firstIndex(rows.length, (index) => bottomOf(log, rows[index]) > log.clientHeight + 8);
  return Number(rows[below - 1]?.dataset['id'] ?? 0);
}

/** First index for which `is` holds, where it holds for all after it too; `length` when for none. */
function firstIndex(length: number, is: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (is(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
