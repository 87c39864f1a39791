/** What a caught value says about itself: the message of an error, else the value as text. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
