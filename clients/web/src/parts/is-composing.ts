/**
 * Whether a key belongs to an input method, which takes Enter and Escape for choosing and giving up what it composes.
 * Safari tells the Enter that ends a composition after the composition has ended: `isComposing` is false then, and only
 * the old key code 229 says what it was (https://bugs.webkit.org/show_bug.cgi?id=165004).
 */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}
