import { beforeEach, describe, expect, it } from 'vitest';
import { ReadyEndpoints } from './ready-endpoints.js';

describe('ReadyEndpoints', () => {
  let endpoints: ReadyEndpoints;
  beforeEach(() => {
    endpoints = new ReadyEndpoints();
  });

  it('takes the ready pods of all slices, and unset for ready', () => {
    const version = endpoints.replace(
      list(slice('one', [ready('10.0.0.2'), gone('10.0.0.9')]), slice('two', [{ addresses: ['10.0.0.1'] }])),
    );
    expect(version).toBe('7');
    expect(endpoints.addresses).toEqual(['10.0.0.1', '10.0.0.2']);
  });

  it('follows changes, and says up to where it knows', () => {
    endpoints.replace(list(slice('one', [ready('10.0.0.1')])));
    expect(endpoints.apply({ type: 'ADDED', object: slice('two', [ready('10.0.0.2')], '8') })).toBe('8');
    expect(endpoints.apply({ type: 'MODIFIED', object: slice('one', null, '9') })).toBe('9');
    expect(endpoints.addresses).toEqual(['10.0.0.2']);
    expect(endpoints.apply({ type: 'DELETED', object: slice('two', [], '10') })).toBe('10');
    expect(endpoints.apply({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '20' } } })).toBe('20');
    expect(endpoints.addresses).toEqual([]);
  });

  it('asks for a new list when what it knows is too old', () => {
    expect(endpoints.apply({ type: 'ERROR', object: { kind: 'Status', code: 410 } })).toBeUndefined();
  });

  it('uses pods that end and still serve only when none is ready', () => {
    const ending = { addresses: ['10.0.0.1'], conditions: { ready: false, serving: true, terminating: true } };
    endpoints.replace(list(slice('one', [ending])));
    expect(endpoints.addresses).toEqual(['10.0.0.1']);
    endpoints.apply({ type: 'MODIFIED', object: slice('one', [ending, ready('10.0.0.2')]) });
    expect(endpoints.addresses).toEqual(['10.0.0.2']);
  });

  it('takes one address of a pod that has two', () => {
    const six = { ...slice('six', [ready('fd00::1')]), addressType: 'IPv6' };
    endpoints.replace(list(six));
    expect(endpoints.addresses).toEqual(['fd00::1']);
    endpoints.replace(list(slice('four', [ready('10.0.0.1')]), six));
    expect(endpoints.addresses).toEqual(['10.0.0.1']);
  });

  it('refuses what is no slice', () => {
    expect(() => endpoints.replace({ kind: 'Status' })).toThrow('metadata');
  });
});

function slice(name: string, endpoints: readonly object[] | null, resourceVersion = '1') {
  return { metadata: { name, resourceVersion }, addressType: 'IPv4', endpoints };
}

function list(...items: readonly object[]) {
  return { metadata: { resourceVersion: '7' }, items };
}

function ready(address: string) {
  return { addresses: [address], conditions: { ready: true, serving: true, terminating: false } };
}

function gone(address: string) {
  return { addresses: [address], conditions: { ready: false, serving: false, terminating: true } };
}
