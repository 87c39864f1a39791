import type { ChatMessage } from '@parlance/proto';

const comparedFields = ['clientMessageId', 'senderId', 'content', 'timestamp', 'messageType'] as const;

/** A whole history, from the first message on, and in what it contradicts itself or somebody. Faults are one sentence each. */
export class RoomHistory {
  private readonly stored: ReadonlyMap<number, ChatMessage>;
  private readonly named: ReadonlyMap<string | undefined, number>;

  constructor(private readonly messages: readonly ChatMessage[]) {
    this.stored = new Map(messages.map((message) => [message.messageId, message]));
    this.named = new Map(messages.map((message) => [message.clientMessageId, message.messageId]));
  }

  /** The newest id; 0 when there is nothing. */
  get head(): number {
    return this.messages.at(-1)?.messageId ?? 0;
  }

  /** What is wrong with it, whoever reads it. */
  faults(): string[] {
    return [
      ...this.messages.flatMap(({ messageId }, index) =>
        messageId === index + 1 ? [] : [`position ${index + 1} of the history has the id ${messageId}`],
      ),
      ...(this.named.size === this.messages.length ? [] : ['the history has a clientMessageId twice']),
    ];
  }

  /** In what it differs from what somebody saw. */
  faultsFor({ delivered, acknowledged }: Witness): string[] {
    return [
      ...delivered.flatMap((message) => {
        const other = this.stored.get(message.messageId);
        if (other === undefined) return [`#${message.messageId} was delivered and is not in the history`];
        const same = comparedFields.every((field) => other[field] === message[field]);
        return same ? [] : [`#${message.messageId} was delivered with another content than the history has`];
      }),
      ...[...acknowledged].flatMap(([clientMessageId, messageId]) =>
        this.named.get(clientMessageId) === messageId
          ? []
          : [`${clientMessageId} was acknowledged as #${messageId} and is not there`],
      ),
    ];
  }
}

/** What one person knows of a room by other means than the history. */
export interface Witness {
  readonly delivered: readonly ChatMessage[];
  /** Own sends: `clientMessageId` and the `messageId` of the ack. */
  readonly acknowledged: ReadonlyMap<string, number>;
}
