export { ParlanceProvider, type ParlanceProviderProps } from './parlance-provider.js';
export { useClient } from './use-client.js';
export { useClientEvent } from './use-client-event.js';
export { type ConnectionView, useConnection } from './use-connection.js';
export { useRoom } from './use-room.js';
export { useRooms } from './use-rooms.js';
export { useTyping } from './use-typing.js';
