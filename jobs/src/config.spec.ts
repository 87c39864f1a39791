import { readConfig } from '@parlance/runtime';
import { expect, it } from 'vitest';
import { jobsConfig } from './config.js';

const uri = { MONGO_URI: 'mongodb://127.0.0.1/parlance' };

it.each([
  [{ TIER_COLD_AFTER_MONTHS: '1' }, ['TIER_COLD_AFTER_MONTHS']],
  [{ TIER_ARCHIVE_AFTER_MONTHS: '4' }, ['TIER_ARCHIVE_AFTER_MONTHS']],
  [{ TIER_WARM_AFTER_MONTHS: '13' }, ['TIER_COLD_AFTER_MONTHS']],
  [{ TIER_WARM_AFTER_MONTHS: '0' }, ['TIER_WARM_AFTER_MONTHS']],
])('refuses %j, with which a month would have two tiers or none', (tiers, at) => {
  const read = readConfig(jobsConfig, { ...uri, ...tiers });
  expect(read.ok ? [] : read.faults.map(({ env }) => env)).toEqual(at);
});

it('takes ages that follow each other', () => {
  const tiers = { TIER_WARM_AFTER_MONTHS: '2', TIER_COLD_AFTER_MONTHS: '3', TIER_ARCHIVE_AFTER_MONTHS: '4' };
  expect(readConfig(jobsConfig, { ...uri, ...tiers })).toMatchObject({ ok: true, value: { archiveAfterMonths: 4 } });
});
