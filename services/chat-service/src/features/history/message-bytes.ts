import { answerBytes, type WireMessage } from '@parlance/proto';

const known = new WeakMap<WireMessage, number>();

/** `answerBytes.ofMessage`, computed once for a message that goes into several answers. */
export function messageBytes(message: WireMessage): number {
  const bytes = known.get(message) ?? answerBytes.ofMessage(message);
  known.set(message, bytes);
  return bytes;
}
