import { expect, test } from 'vitest';
import { loadLocations } from '../locations.config.js';
import { localRules, withNames } from './local-rules.js';

test("the chart's rules get the names of this machine, all of them", () => {
  const rules = localRules(loadLocations().repositoryRoot);
  expect(rules).not.toMatch(/@[a-z]+@/);
  expect(rules).toContain('job=\\"parlance-gateway\\"');
  expect((JSON.parse(rules) as { readonly groups: readonly unknown[] }).groups).not.toEqual([]);
});

test('a mark that is not known is refused', () => {
  expect(() => withNames('up{job="@new@"}', { gateway: 'x' })).toThrow('@new@');
});
