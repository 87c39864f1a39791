/** Number of pub/sub partitions of rooms, and as many again of users. Gateways subscribe to those their sockets need. */
export const partitionCount = 256;

/** Pub/sub channel of a room's events. One channel has one publisher order (SPUBLISH to one slot), so a room has too. */
export function roomChannel(roomId: string): string {
  return `chat:rooms:{${hashText(roomId) % partitionCount}}`;
}

/** Pub/sub channel of what concerns a user beyond their rooms, such as being added to one. */
export function userChannel(userId: string): string {
  return channelOf(hashText(userId) % partitionCount);
}

/** What channels of users begin with. What follows is in braces, so that it decides where the channel lies. */
export const userChannelPrefix = 'chat:users:';

/**
 * Pub/sub channel of what concerns many users at once, such as a room created with all of them: one event in place of one
 * for each. Every gateway listens to it.
 */
export const everyUserChannel = `${userChannelPrefix}{all}`;

/** The channels of all users, without {@link everyUserChannel}. */
export const userChannels: readonly string[] = Array.from({ length: partitionCount }, (_, index) => channelOf(index));

function channelOf(partition: number): string {
  return `${userChannelPrefix}{${partition}}`;
}

/** FNV-1a, 32 bits, over UTF-16 code units (http://www.isthe.com/chongo/tech/comp/fnv/). */
export function hashText(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
