/** The kinds of message that users may send. */
export const sentMessageTypes = ['text', 'image', 'file'] as const;

/** All kinds of message. */
export const messageTypes = [...sentMessageTypes, 'system'] as const;

/** How far a message can have got. */
export const messageStatuses = ['sent', 'delivered', 'read'] as const;
