import { z } from 'zod';
import { limits } from '../../limits.js';
import { textFault } from '../../messages/text-fault.js';

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
  rev: count.describe('Number of the newest room event, 0 where nothing happened'),
  epoch: millis.describe(
    "Of the room's log, Unix milliseconds: when the room was created or the log began anew behind a restored backup. What is known of a room under another epoch is of a log that is no more",
  ),
};

/** How far somebody has got in a room. */
export const marks = {
  deliveredUpTo: count.describe('Everything up to this message has arrived'),
  readUpTo: count.describe('Everything up to this message was read'),
};

/** Number of items of a page: 1 to 200, 50 when absent. More is an error, not a shorter page. */
export const pageLimit = z.int().min(1).max(limits.pageItems).default(limits.defaultPageItems);

/** Where a page begins: what the answer before said, nothing for the first one. */
export const pageCursor = wellFormedText().max(512).default('');

/** Any text that can be stored and told again as it is: well-formed Unicode. */
export function wellFormedText() {
  return z.string().refine((text) => textFault(text) === undefined, 'is not well-formed Unicode');
}
