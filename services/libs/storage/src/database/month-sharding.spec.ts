import { MinKey } from 'mongodb';
import { expect, it } from 'vitest';
import type { MonthYear } from '../documents/month.js';
import { shardMonthCommand, zoneCommand, zoneRangeOf } from './month-sharding.js';

it('ends the zone of a month where the next month begins, also over the end of a year', () => {
  expect(zoneRangeOf('2026-12' as MonthYear)).toEqual({
    min: { monthYear: '2026-12', roomId: new MinKey() },
    max: { monthYear: '2027-01', roomId: new MinKey() },
  });
});

it('shards by month and hashed room, split from the start', () => {
  expect(shardMonthCommand('chat.messages_2026_12', 4)).toEqual({
    shardCollection: 'chat.messages_2026_12',
    key: { monthYear: 1, roomId: 'hashed' },
    presplitHashedZones: true,
    numInitialChunks: 4,
  });
});

it('gives a range to a zone and takes it away', () => {
  const { min, max } = zoneRangeOf('2026-12' as MonthYear);
  expect(zoneCommand('chat.m', { min, max }, 'hot')).toEqual({ updateZoneKeyRange: 'chat.m', min, max, zone: 'hot' });
  expect(zoneCommand('chat.m', { min, max }, null)).toEqual({ updateZoneKeyRange: 'chat.m', min, max, zone: null });
});
