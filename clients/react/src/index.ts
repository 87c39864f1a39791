export { useClient } from './hooks/use-client.js';
export { useClientEvent } from './hooks/use-client-event.js';
export { type ConnectionView, useConnection } from './hooks/use-connection.js';
export { useRoom } from './hooks/use-room.js';
export { useRooms } from './hooks/use-rooms.js';
export { useTyping } from './hooks/use-typing.js';
export { ParlanceProvider, type ParlanceProviderProps } from './provider/parlance-provider.js';
