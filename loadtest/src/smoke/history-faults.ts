import type { ChatMessage } from '@parlance/proto';

const comparedFields = ['clientMessageId', 'senderId', 'content', 'timestamp', 'messageType'] as const;

/** What one socket knows of a room by other means than the history. */
export interface Witness {
  readonly delivered: readonly ChatMessage[];
  /** Own sends: `clientMessageId` and the `messageId` of the ack. */
  readonly acknowledged: ReadonlyMap<string, number>;
}

/** In what a whole history, from the first message on, contradicts itself or a socket. One sentence each; empty: nothing. */
export function historyFaults(history: readonly ChatMessage[], { delivered, acknowledged }: Witness): string[] {
  const stored = new Map(history.map((message) => [message.messageId, message]));
  const named = new Map(history.map((message) => [message.clientMessageId, message.messageId]));
  return [
    ...history.flatMap(({ messageId }, index) =>
      messageId === index + 1 ? [] : [`position ${index + 1} of the history has the id ${messageId}`],
    ),
    ...(named.size === history.length ? [] : ['the history has a clientMessageId twice']),
    ...delivered.flatMap((message) => {
      const other = stored.get(message.messageId);
      if (other === undefined) return [`#${message.messageId} was delivered and is not in the history`];
      const same = comparedFields.every((field) => other[field] === message[field]);
      return same ? [] : [`#${message.messageId} was delivered with another content than the history has`];
    }),
    ...[...acknowledged].flatMap(([clientMessageId, messageId]) =>
      named.get(clientMessageId) === messageId
        ? []
        : [`${clientMessageId} was acknowledged as #${messageId} and is not there`],
    ),
  ];
}
