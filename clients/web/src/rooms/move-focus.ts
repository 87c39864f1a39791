/**
 * Moves the focus among the rooms of a list for the arrow keys, Home and End, and takes the event. From outside of the
 * list, an arrow goes to its first room. Other keys do nothing.
 */
export function moveFocus(list: HTMLElement, event: KeyboardEvent): void {
  const rows = [...list.querySelectorAll<HTMLElement>('[data-room]')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const target: Readonly<Record<string, number>> = {
    ArrowDown: Math.min(at + 1, rows.length - 1),
    ArrowUp: Math.max(at - 1, 0),
    Home: 0,
    End: rows.length - 1,
  };
  const index = target[event.key];
  if (index === undefined) return;
  event.preventDefault();
  rows[index]?.focus();
}
