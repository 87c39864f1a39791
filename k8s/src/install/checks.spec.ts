import { describe, expect, it } from 'vitest';
import { CheckFailed, Checks } from './checks.js';

describe('what is claimed of an installation', () => {
  const lines: string[] = [];
  const checks = new Checks((line) => void lines.push(line));

  it('is said and counted, and a claim by itself stops nothing', async () => {
    expect(await checks.step('it installs', () => Promise.resolve(7))).toBe(7);
    expect(await checks.claim('it answers', () => Promise.reject(new Error('nobody is there')))).toBe(false);
    expect(await checks.claim('it talks', () => Promise.resolve('20 messages'))).toBe(true);
    checks.skip('it archives', 'there is no object store');
    await expect(checks.step('it upgrades', () => Promise.reject(new Error('no')))).rejects.toBeInstanceOf(CheckFailed);
    expect(lines).toEqual([
      'ok    it installs',
      'FAIL  it answers: nobody is there',
      'ok    it talks: 20 messages',
      'SKIP  it archives: there is no object store',
      'FAIL  it upgrades: no',
    ]);
    expect(checks.counts).toEqual({ passed: 2, failed: 2, skipped: 1 });
  });
});
