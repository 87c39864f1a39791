import { readConfig } from '@parlance/runtime';
import { expect, it } from 'vitest';
import { bootstrapConfig, jobsConfig } from './config.js';

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

const cluster = {
  MONGO_URI: 'mongodb://me:secret@127.0.0.1/parlance?authSource=admin',
  MONGO_KEYFILE: 'a-key-of-members',
  CLUSTER_TOPOLOGY: JSON.stringify({
    config: { name: 'config', members: ['c:1'] },
    shards: [{ name: 'hot-1', zone: 'hot', members: ['h:1'] }],
  }),
};
const services = { MONGO_SERVICES_USER: 'services', MONGO_SERVICES_PASSWORD: 'another' };

it.each([
  [{ MONGO_SERVICES_USER: 'services' }, 'together with MONGO_SERVICES_PASSWORD'],
  [{ MONGO_SERVICES_PASSWORD: 'another' }, 'together with MONGO_SERVICES_PASSWORD'],
  [{ ...services, MONGO_KEYFILE: '' }, 'needs MONGO_KEYFILE'],
  [{ ...services, MONGO_SERVICES_USER: 'me' }, 'another user than that of MONGO_URI'],
])('refuses services that are no user of their own, %j', (more, message) => {
  const read = readConfig(bootstrapConfig, { ...cluster, ...more });
  expect(read.ok ? '' : read.faults.map(({ message }) => message).join()).toContain(message);
});

it('takes services that are', () => {
  expect(readConfig(bootstrapConfig, { ...cluster, ...services })).toMatchObject({ ok: true });
});
