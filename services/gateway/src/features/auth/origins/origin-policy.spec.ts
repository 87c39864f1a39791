import { describe, expect, it } from 'vitest';
import { isOriginAllowed } from './origin-policy.js';

const allowed = ['https://chat.example.com', 'http://localhost:*'];

describe('isOriginAllowed', () => {
  it.each([
    undefined,
    'https://chat.example.com',
    'http://localhost',
    'http://localhost:3000',
    'http://localhost:65535',
  ])('lets %s in', (origin) => {
    expect(isOriginAllowed(origin, allowed)).toBe(true);
  });

  it.each([
    'null',
    '',
    'https://chat.example.com.evil.example',
    'https://chat.example.com:8443',
    'http://chat.example.com',
    'https://localhost:3000',
    'http://localhost.evil.example',
    'http://localhost:3000.evil.example',
    'http://localhost:3000/path',
    'http://localhost:evil',
    'http://evil.host',
    'http://evil.host:3000',
    'http://localhost:*',
  ])('keeps %s out', (origin) => {
    expect(isOriginAllowed(origin, allowed)).toBe(false);
  });

  it('keeps every browser out when nothing is allowed', () => {
    expect(isOriginAllowed('https://chat.example.com', [])).toBe(false);
  });
});
