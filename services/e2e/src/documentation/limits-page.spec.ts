import { readFileSync } from 'node:fs';
import { chatServiceConfig } from '@parlance/chat-service/config';
import { gatewayConfig } from '@parlance/gateway/config';
import { limits } from '@parlance/proto';
import { describeConfig } from '@parlance/runtime';
import { describe, expect, it } from 'vitest';

const rows = readRows(readFileSync(new URL('../../../../docs/limits.md', import.meta.url), 'utf8'));
const defaults = new Map(
  [gatewayConfig, chatServiceConfig].flatMap(describeConfig).map(({ env, default: value }) => [env, Number(value)]),
);
const fixed = new Map<string, number>(Object.entries(limits));

/** Variables that are limits, by the form of their names. */
const limiting = /_PER_|_BURST$|^MAX_|^(?:AUTH|REQUEST)_TIMEOUT_MS$/;

describe('docs/limits.md', () => {
  it('has a row for every limit of the protocol', () => {
    expect([...fixed.keys()].filter((name) => !rows.some((row) => row.name === name))).toEqual([]);
  });

  it('has a row for every variable that is a limit', () => {
    const variables = [...defaults.keys()].filter((env) => limiting.test(env));
    expect(variables.filter((env) => !rows.some((row) => row.name === env))).toEqual([]);
  });

  it.each(rows.filter(({ name }) => name !== ''))('says how much $name is', ({ name, limit }) => {
    const value = fixed.get(name) ?? defaults.get(name);
    expect(value, `${name} is neither in proto/src/limits.ts nor a variable`).toBeDefined();
    expect(limit.split(/[^\d,]+/)).toContain(value?.toLocaleString('en-US'));
  });

  it.each(rows)('says of $what where it is counted and where it holds', ({ countedBy, holds }) => {
    expect(countedBy).not.toBe('');
    expect(holds).toMatch(/^(?:everywhere|(?:sockets|HTTP|gRPC)(?:, (?:sockets|HTTP|gRPC))*)$/);
  });
});

interface Row {
  readonly what: string;
  readonly limit: string;
  readonly name: string;
  readonly countedBy: string;
  readonly holds: string;
}

/** Entries have the form: what (`name`): limit; counted by whom; holds where; at the limit: what happens. */
function readRows(page: string): readonly Row[] {
  return page
    .replaceAll(/\n {2,}/g, ' ')
    .split('\n')
    .filter((line) => line.startsWith('- ') && line.includes('; counted by '))
    .map((line) => /^- (.+?)(?: \(`(\w+)`\))?: (.+?); counted by (.+?); holds ([^;]+)/.exec(line) ?? [line])
    .map(([, what = '', name = '', limit = '', countedBy = '', holds = '']) => ({
      what,
      name,
      limit,
      countedBy,
      holds,
    }));
}
