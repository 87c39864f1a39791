import { describe, expect, it } from 'vitest';
import { serializeError } from './serialize-error.js';

describe('serializeError', () => {
  it('follows causes three deep', () => {
    const error = ['d', 'c', 'b', 'a'].reduce<Error>((cause, message) => new Error(message, { cause }), new Error('e'));
    const { cause } = serializeError(error);
    expect(cause?.cause?.cause?.message).toBe('d');
    expect(cause?.cause?.cause).not.toHaveProperty('cause');
  });

  it('names what was thrown when it is no error, without showing it', () => {
    expect(serializeError('text')).toEqual({ name: 'NonError', message: 'text' });
    expect(serializeError({ token: 'hunter2' })).toEqual({ name: 'NonError', message: 'a thrown object' });
    expect(serializeError(null)).toEqual({ name: 'NonError', message: 'a thrown null' });
  });
});
