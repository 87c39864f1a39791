import { describe, expect, it } from 'vitest';
import { originList } from './origin-list.js';
import { isOriginAllowed } from './origin-policy.js';

describe('originList', () => {
  it.each<[string, string, string]>([
    ['an origin', 'https://chat.example.com', 'https://chat.example.com'],
    ['a slash at the end', 'https://chat.example.com/', 'https://chat.example.com'],
    ['capitals', 'HTTPS://Chat.Example.COM', 'https://chat.example.com'],
    ['the default port', 'https://chat.example.com:443', 'https://chat.example.com'],
    ['the default port of http', 'http://chat.example.com:80/', 'http://chat.example.com'],
    ['another port', 'http://chat.example.com:443', 'http://chat.example.com:443'],
    ['a name beyond ASCII', 'https://bücher.example', 'https://xn--bcher-kva.example'],
    ['IPv6', 'http://[0:0:0:0:0:0:0:1]:3000', 'http://[::1]:3000'],
    ['Capacitor', 'capacitor://localhost', 'capacitor://localhost'],
    ['Ionic, in capitals', 'Ionic://LocalHost/', 'ionic://localhost'],
    ['Tauri', 'tauri://localhost', 'tauri://localhost'],
    ['Tauri on Windows', 'https://tauri.localhost', 'https://tauri.localhost'],
    ['a browser extension', 'chrome-extension://abcdefghijklmnop', 'chrome-extension://abcdefghijklmnop'],
  ])('lets %s in as a browser names it', (_what, written, sent) => {
    expect(isOriginAllowed(sent, originList().parse(written))).toBe(true);
  });

  it('leaves the port open where it is *', () => {
    const list = originList().parse('http://LocalHost:*, capacitor://localhost');
    expect(isOriginAllowed('http://localhost:5173', list)).toBe(true);
    expect(isOriginAllowed('http://localhost', list)).toBe(true);
    expect(isOriginAllowed('http://localhost.evil.example', list)).toBe(false);
    expect(isOriginAllowed('tauri://localhost', list)).toBe(false);
    expect(isOriginAllowed('capacitor://localhost.evil.example', list)).toBe(false);
  });

  it.each<[string, string, RegExp]>([
    ['no scheme', 'chat.example.com', /such as https:\/\/chat\.example\.com/],
    ['every page', '*', /name the origins/],
    ['files and sandboxed frames', 'null', /name the origins/],
    ['every host', 'https://*.example.com', /only the port may be \*/],
    ['a path', 'https://chat.example.com/app', /something behind the host/],
    ['a query', 'https://chat.example.com?x', /something behind the host/],
    ['a password', 'https://ann:secret@chat.example.com', /scheme:\/\/host/],
    ['the address of the socket', 'wss://chat.example.com', /write the page's/],
    ['a scheme alone', 'capacitor://', /scheme:\/\/host/],
    ['a port that is none', 'https://chat.example.com:99999', /scheme:\/\/host/],
  ])('refuses %s, and says what to write', (_what, written, message) => {
    const result = originList().safeParse(`https://ok.example,${written}`);
    expect(result.success ? '' : result.error.issues[0]?.message).toMatch(message);
    expect(result.success ? '' : result.error.issues[0]?.message).toMatch(/^item 2 /);
  });
});
