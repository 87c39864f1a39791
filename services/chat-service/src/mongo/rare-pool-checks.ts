import type { MongoClient } from 'mongodb';
import { driverServers } from './driver-servers.js';

/** Between two looks whether a pool of connections has as many as it should, milliseconds. */
const checkMs = 10_000;

/**
 * Has the driver look seldom whether its pools have their least connections. It does so ten times a second, for as long as
 * a pool lives, and has no public option for it (driver 7.8, `minPoolSizeCheckFrequencyMS` in
 * https://github.com/mongodb/node-mongodb-native/blob/main/src/cmap/connection_pool.ts). What is missing is made with the
 * next command anyway.
 */
export function checkPoolsRarely(client: MongoClient): void {
  const relax = (): void => {
    for (const { pool } of driverServers(client).values()) {
      if (pool.options.minPoolSizeCheckFrequencyMS !== checkMs)
        pool.options = { ...pool.options, minPoolSizeCheckFrequencyMS: checkMs };
    }
  };
  relax();
  // Of servers that join later.
  client.on('connectionPoolReady', relax);
}
