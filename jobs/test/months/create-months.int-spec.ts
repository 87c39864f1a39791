import { addMonths, monthOf, parseMonth } from '@parlance/storage';
import { expect, it } from 'vitest';
import { createMonths } from '../../src/index.js';
import { shareDatabase } from '../fixtures/share-database.js';
import type { TestDatabase } from '../fixtures/start-database.js';

let server: TestDatabase;
shareDatabase((database) => (server = database));

it('creates this month and two ahead with their unique indexes, once', async () => {
  const { database, context } = server;
  expect(await createMonths({ ahead: 2, dryRun: true }, context)).toBe(0);
  expect(await database.months.countDocuments()).toBe(0);
  expect(await createMonths({ ahead: 2, dryRun: false }, context)).toBe(0);
  const entries = await database.months.find({}, { sort: { monthYear: 1 } }).toArray();
  const first = parseMonth(entries[0]?.monthYear ?? '') ?? monthOf(0);
  expect(entries.map(({ monthYear, state }) => [monthYear, state])).toEqual(
    [0, 1, 2].map((step) => [addMonths(first, step), 'OPEN']),
  );
  for (const { monthYear } of entries) {
    const indexes = await database.messages(monthYear).indexes();
    expect(indexes.filter(({ unique }) => unique).map(({ name }) => name)).toEqual(['slot', 'client_message_id']);
  }
  server.takeSaid();
  expect(await createMonths({ ahead: 2, dryRun: false }, context)).toBe(0);
  expect(server.takeSaid()).toContain('nothing to do');
});
