/** A `chat:message:new` event as one number: the id it tells of, and the message it carries. */
export function event(id: number, message: number): number {
  return id * 4 + message;
}

export function eventId(code: number): number {
  return code >> 2;
}

export function eventMessage(code: number): number {
  return code & 3;
}
