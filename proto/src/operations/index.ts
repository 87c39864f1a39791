export type { CallName, RequestOf, ResponseOf } from './call.js';
export {
  commonErrors,
  type EventClass,
  type HttpRoute,
  httpTags,
  type OperationDefinition,
} from './define-operation.js';
export { examples } from './entities/examples.js';
export { Failure } from './entities/failure.js';
export { Message } from './entities/message.js';
export { MonthInventory } from './entities/month.js';
export { Room } from './entities/room.js';
export { RoomEvent } from './entities/room-event.js';
export {
  type CalledDefinition,
  type CalledOperation,
  type CallOf,
  calledOperations,
  calls,
  type NamedOperation,
  operationList,
  operations,
  type PayloadOf,
} from './operations.js';
export { capitalised, namedSchemas } from './schema-names.js';
export { serverEvents } from './server-events.js';
