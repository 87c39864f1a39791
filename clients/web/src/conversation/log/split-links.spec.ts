import { expect, it } from 'vitest';
import { splitLinks } from './split-links.js';

it.each<[text: string, links: readonly string[]]>([
  ['see https://example.com/a?b=1#c', ['https://example.com/a?b=1#c']],
  ['Done (https://example.com/x).', ['https://example.com/x']],
  ['https://en.wikipedia.org/wiki/Chat_(disambiguation)!', ['https://en.wikipedia.org/wiki/Chat_(disambiguation)']],
  ['www.example.com, http://b.example', ['www.example.com', 'http://b.example']],
  ['no link: example.com, ftp://x.example, mail@www.example.com', []],
  ['javascript:alert(1) data:text/html,x', []],
  ['http:// alone and www. alone', []],
])('finds the links of "%s"', (text, links) => {
  const parts = splitLinks(text);
  expect(parts.filter(({ href }) => href !== undefined).map((part) => part.text)).toEqual(links);
  expect(parts.map((part) => part.text).join('')).toBe(text);
});

it('leaves markup as the text it is', () => {
  expect(splitLinks('<img src=x onerror=alert(1)>')).toEqual([{ text: '<img src=x onerror=alert(1)>' }]);
});

it('gives www addresses a scheme', () => {
  expect(splitLinks('www.example.com')).toEqual([{ text: 'www.example.com', href: 'https://www.example.com/' }]);
});

it('leaves out what closes more than the link opened, and keeps what it opened', () => {
  expect(linkOf('https://a.example/(b))].')).toBe('https://a.example/(b)');
  expect(linkOf('https://a.example/[b]_c_)')).toBe('https://a.example/[b]_c');
  expect(linkOf('https://a.example/(b(c)')).toBe('https://a.example/(b(c)');
});

it('takes one look at each of a million closing brackets', () => {
  expect(linkOf(`https://a.example/${')].'.repeat(333_333)}`)).toBe('https://a.example/');
  expect(linkOf(`https://a.example/${'('.repeat(500_000)}${')'.repeat(500_001)}`)?.length).toBe(1_000_018);
});

function linkOf(text: string): string | undefined {
  return splitLinks(text).find(({ href }) => href !== undefined)?.text;
}
