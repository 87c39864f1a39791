import { describe, expect, it } from 'vitest';
import { defineConfig } from '../declaration/define-config.js';
import { readConfig } from '../declaration/read-config.js';
import { variable } from '../declaration/variable.js';
import { renderCheck } from '../printing/render-check.js';
import { secretList } from './secret-list.js';

const [old, next] = ['o'.repeat(32), 'n'.repeat(40)];
const definition = defineConfig('example', {
  key: variable({ env: 'KEY', doc: 'Key.', schema: secretList(), secret: true }),
});

function read(key: string, more: Record<string, string> = {}) {
  return readConfig(definition, { KEY: key, ...more });
}

describe('secretList', () => {
  it('takes one secret or several, in their order', () => {
    expect(read(old)).toEqual({ ok: true, value: { key: [old] } });
    expect(read(`${next}, ${old}`)).toEqual({ ok: true, value: { key: [next, old] } });
  });

  it.each([
    ['one that is short', 'short', 'must have at least 32 characters'],
    ['a short one among others', `${old},short`, 'item 2 must have at least 32 characters'],
    ['a comma too many', `${old},`, 'item 2 must have at least 32 characters'],
  ])('refuses %s', (_what, text, message) => {
    expect(read(text)).toEqual({ ok: false, faults: [{ env: 'KEY', message }] });
  });

  it('refuses a demo secret in production wherever it stands in the list', () => {
    const demo = `demo-${old}`;
    expect(read(`${next},${demo}`).ok).toBe(true);
    for (const list of [`${next},${demo}`, `${next}, ${demo}`, `${demo},${next}`])
      expect(read(list, { NODE_ENV: 'production' })).toMatchObject({ ok: false, faults: [{ env: 'KEY' }] });
  });

  it('is printed masked', () => {
    const env = { KEY: `${next},${old}` };
    const result = readConfig(definition, env);
    expect(result.ok && renderCheck(definition, env, result.value)).toBe('KEY=***  # env\n');
  });
});
