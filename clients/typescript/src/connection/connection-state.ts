/**
 * Where the connection stands: `waiting` is the time between two attempts, until `client.nextAttemptAt`; `closed` ends only
 * by another `connect()`.
 */
export type ConnectionState = 'idle' | 'connecting' | 'online' | 'waiting' | 'closed';
