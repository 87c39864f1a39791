import type { ChatMessage } from '@parlance/proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { someMessage } from '../../test/fakes/room-states.js';
import { lostMessages } from './lost-messages.js';

describe('lostMessages', () => {
  it('names what a restored log does not have, wherever it was cut, however far it has grown, and reads no more pages than it must', async () => {
    const cases = fc.record({
      cut: fc.nat({ max: 30 }),
      grown: fc.nat({ max: 30 }),
      pageItems: fc.integer({ min: 1, max: 7 }),
      own: fc.uniqueArray(fc.integer({ min: 1, max: 30 })),
      floor: fc.integer({ min: 1, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ cut, grown, pageItems, own, floor }) => {
        const head = cut + grown;
        const log = Array.from({ length: head }, (_, index) => after(index + 1, index < cut));
        const messages = own.toSorted((left, right) => left - right).map((id) => after(id, true));
        let pages = 0;
        const lost = await lostMessages(messages, head, async (beforeId) => {
          pages++;
          return log.slice(Math.max(floor, beforeId - pageItems) - 1, Math.max(beforeId, floor) - 1);
        });
        const isLost = ({ messageId }: ChatMessage) => messageId > cut;
        // What lies below the floor cannot be had, and so is not known to be lost.
        const isKnown = ({ messageId }: ChatMessage) => messageId > head || messageId >= floor;
        expect(lost).toEqual(messages.filter((each) => isLost(each) && isKnown(each)));
        expect(pages).toBeLessThanOrEqual(messages.filter((each) => isLost(each) && each.messageId <= head).length + 1);
      }),
    );
  });

  it('reads nothing when the log ends below all of them, or there are none', async () => {
    const never = () => Promise.reject(new Error('not asked for'));
    expect(await lostMessages([someMessage(7), someMessage(8)], 6, never)).toEqual([someMessage(7), someMessage(8)]);
    expect(await lostMessages([], 6, never)).toEqual([]);
  });
});

/** A message of the log before, or the one that has its place now. */
function after(id: number, isOld: boolean): ChatMessage {
  return someMessage(id, isOld ? {} : { clientMessageId: `new ${id}` });
}
