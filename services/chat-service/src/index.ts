export { assemble } from './assembly/assemble.js';
export { PublishingState } from './events/publishing-state.js';
export type { Operations } from './features/calls/operations.js';
export { MonthKeeper } from './features/months/month-keeper.js';
export { createChatMetrics } from './metrics.js';
export { connectMongo, type MongoConnection } from './mongo/connect-mongo.js';
export type { CallContext } from './requests/call-context.js';
