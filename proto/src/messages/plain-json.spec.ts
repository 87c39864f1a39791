import { describe, expect, it } from 'vitest';
import { plainJsonFault } from './plain-json.js';

describe('plainJsonFault', () => {
  it.each<[string, string | undefined]>([
    ['{"a":[null,true,"x",0,-1.5,1e-400,0.1]}', undefined],
    ['9007199254740991', undefined],
    ['-9007199254740991', undefined],
    ['9007199254740992', 'holds a number beyond 2^53; send it as text'],
    ['9007199254740993', 'holds a number beyond 2^53; send it as text'],
    ['-1e300', 'holds a number beyond 2^53; send it as text'],
    ['1e400', 'holds a number beyond 2^53; send it as text'],
    ['"\\ud83d"', 'holds text that is not well-formed Unicode'],
    ['"\\ud83d\\ude00"', undefined],
    ['[{"\\ude00":1}]', 'holds text that is not well-formed Unicode'],
    ['[{"__proto__":{"\\ud800":1}}]', 'holds text that is not well-formed Unicode'],
    [`${'['.repeat(32)}1${']'.repeat(32)}`, undefined],
    [`${'['.repeat(33)}${']'.repeat(33)}`, 'is nested too deep'],
  ])('says of %s what is wrong with it', (json, fault) => {
    expect(plainJsonFault(JSON.parse(json))).toBe(fault);
  });

  it('knows what JSON does not', () => {
    expect(plainJsonFault(Number.NaN)).toBe('holds a number beyond 2^53; send it as text');
    expect(plainJsonFault({ a: undefined })).toBe('holds something that is not JSON');
    expect(plainJsonFault({ a: new Uint8Array(1) })).toBe('holds binary data');
  });
});
