import { z } from 'zod';

/** An id as it is told. */
export const id = z.string();

/** A number of things, or a position that may be before the first one. */
export const count = z.int().min(0);

/** Unix milliseconds. */
export const millis = z.int().min(0).describe('Unix milliseconds');

/** Position of a message in its room's log. */
export const numberOfMessage = z.int().min(1).describe('Position in the log of the room: 1, 2, 3, ... without gaps');

/** Where a room stands. */
export const position = {
  head: count.describe('Id of the newest message, 0 while there is none'),
  rev: count.describe('Number of the newest room event'),
  epoch: millis.describe('Of the log, Unix milliseconds; another one is another log'),
};
