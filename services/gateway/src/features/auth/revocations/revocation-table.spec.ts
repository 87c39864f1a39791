import { describe, expect, it } from 'vitest';
import { RevocationTable } from './revocation-table.js';

describe('RevocationTable', () => {
  it('is not to be trusted before it was loaded', () => {
    const table = new RevocationTable();
    expect(table.isLoaded).toBe(false);
    table.load([]);
    expect(table.isLoaded).toBe(true);
  });

  it('forgets what is no longer in force', () => {
    const table = new RevocationTable();
    table.add('ann', 5);
    table.beginLoad();
    table.load([{ userId: 'ben', revokedBefore: 7 }]);
    expect([table.revokedBefore('ann'), table.revokedBefore('ben')]).toEqual([undefined, 7]);
  });

  it('keeps what was heard while it was being loaded', () => {
    const table = new RevocationTable();
    table.beginLoad();
    table.add('ann', 9);
    table.load([{ userId: 'ann', revokedBefore: 5 }]);
    expect(table.revokedBefore('ann')).toBe(9);
  });

  it('tells of revocations that are new or later, whether they were heard or read', () => {
    const table = new RevocationTable();
    const told: string[] = [];
    table.onRevoked((userId) => void told.push(userId));
    table.add('ann', 5);
    table.add('ann', 4);
    table.beginLoad();
    table.add('cat', 1);
    const read = [
      { userId: 'ann', revokedBefore: 5 },
      { userId: 'ben', revokedBefore: 7 },
    ];
    table.load(read);
    table.load(read);
    table.load([{ userId: 'ben', revokedBefore: 8 }]);
    expect(told).toEqual(['ann', 'cat', 'ben', 'ben']);
  });

  it('prefers what was read when that is later than what was heard meanwhile', () => {
    const table = new RevocationTable();
    table.beginLoad();
    table.add('ann', 5);
    table.load([{ userId: 'ann', revokedBefore: 9 }]);
    expect(table.revokedBefore('ann')).toBe(9);
  });

  it('does not take a revocation back for an older one', () => {
    const table = new RevocationTable();
    table.add('ann', 9);
    table.add('ann', 5);
    expect(table.revokedBefore('ann')).toBe(9);
  });
});
