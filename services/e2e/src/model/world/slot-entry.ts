/**
 * A record in a monthly collection as one number of eight bits: `slot * 32 + content`. The content is a seal, or a
 * message with the tag of the attempt that carried it.
 */
export function slotEntry(slot: number, content: number): number {
  return slot * 32 + content;
}

export function slotOf(entry: number): number {
  return entry >> 5;
}

export function contentOf(entry: number): number {
  return entry & 31;
}

/** Content of a record that ends a month (R6: a month ends with its seal). */
export const seal = 17;

/** Content of a record that holds a message. */
export function messageContent(message: number, tag: number): number {
  return 1 + message * 4 + tag;
}

/** The message in a content that is not a seal. */
export function messageIn(content: number): number {
  return (content - 1) >> 2;
}

export function tagIn(content: number): number {
  return (content - 1) & 3;
}

/** The same content in a world whose messages have other numbers. */
export function renamedContent(content: number, rename: readonly number[]): number {
  return content === seal ? seal : messageContent(rename[messageIn(content)] as number, tagIn(content));
}
