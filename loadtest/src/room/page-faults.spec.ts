import { expect, test } from 'vitest';
import { pageFaults } from './page-faults.ts';

const clean = { gaps: [], duplicates: 0, reordered: 0, others: [] };

test.each([
  [{ afterId: 0 }, [1, 2, 3, 4], true],
  [{ afterId: 4 }, [5, 6, 7, 8], true],
  [{ afterId: 8 }, [9, 10], false],
  [{ afterId: 10 }, [], false],
  [{ beforeId: 11 }, [7, 8, 9, 10], true],
  [{ beforeId: 3 }, [1, 2], false],
  [{ beforeId: 1 }, [], false],
])('nothing is wrong with the page %j of ten that has %j', (cursor, ids, hasMore) => {
  expect(pageFaults({ head: 10, limit: 4, ...cursor }, ids, hasMore)).toEqual(clean);
});

test('a hole, an id twice and a wrong order are told apart', () => {
  const asked = { head: 10, limit: 4, afterId: 0 };
  expect(pageFaults(asked, [1, 3, 4], true)).toEqual({ ...clean, gaps: [2] });
  expect(pageFaults(asked, [1, 2, 2, 3, 4], true)).toEqual({ ...clean, duplicates: 1 });
  expect(pageFaults(asked, [1, 3, 2, 4], true)).toEqual({ ...clean, reordered: 1 });
});

test('a message that was not asked for and a wrong hasMore are said', () => {
  const { others } = pageFaults({ head: 10, limit: 4, beforeId: 5 }, [1, 2, 3, 4, 5], true);
  expect(others).toEqual(['a page from #1 to #4 has #5', 'a page from #1 to #4 of 10 says hasMore: true']);
});
