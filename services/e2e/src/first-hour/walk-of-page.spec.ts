import { expect, it } from 'vitest';
import { missingLine } from './missing-line.js';
import { walkOfPage } from './walk-of-page.js';

const page = (...lines: string[]) => `${lines.join('\n')}\n`;

it('reads what a page has its reader do, in order, and leaves blocks without a marker alone', () => {
  const walk = walkOfPage(
    page(
      '# A bot',
      '<!-- walk: needs python3 go -->',
      '',
      '<!-- walk: file bot.py = examples/bot.py -->',
      '```python',
      'print(1)',
      '```',
      '',
      '```sh',
      'not for the walk',
      '```',
      '<!-- walk: run in checkout -->',
      '```sh',
      'make pack',
      '```',
      '<!-- walk: start UNTIL is in -->',
      '```sh',
      'python3 bot.py',
      '```',
      '<!-- walk: output -->',
      '```',
      'ann is in',
      '',
      '...',
      '```',
      '<!-- walk: check node look.js "$URL" -->',
    ),
  );
  expect(walk).toEqual({
    needs: ['python3', 'go'],
    steps: [
      { kind: 'file', line: 4, name: 'bot.py', sameAs: 'examples/bot.py', text: 'print(1)\n' },
      { kind: 'run', line: 12, where: 'checkout', text: 'make pack\n' },
      { kind: 'start', line: 16, until: 'is in', text: 'python3 bot.py\n' },
      { kind: 'output', line: 20, lines: ['ann is in', '...'] },
      { kind: 'run', line: 26, where: 'checkout', text: 'node look.js "$URL"\n' },
    ],
  });
});

it.each([
  [page('<!-- walk: run -->', '', '```sh', 'ls', '```'), 'line 1: no block on the line after the marker'],
  [page('# A', '<!-- walk: ruin -->', '```sh', 'ls', '```'), 'line 2: "ruin" is no step of a walk'],
  [page('<!-- walk: run ->', '```sh', 'ls', '```'), 'line 1: "<!-- walk: run ->" is not "<!-- walk: WORDS -->"'],
])('names the line of what it cannot read: %j', (text, fault) => {
  expect(() => walkOfPage(text)).toThrow(fault);
});

it('finds lines in their order, with others between them', () => {
  expect(missingLine('one\n2 two 2\nthree\n', ['one', '  two', '...', 'thr...'])).toBeUndefined();
  expect(missingLine('two\none\n', ['one', 'two'])).toBe('two');
  expect(missingLine('one\n', ['one', 'one'])).toBe('one');
});
