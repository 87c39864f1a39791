import { describe, expect, it } from 'vitest';
import { erasedClientId, isErasedClientId, tombstoneUpdate } from './erased-message.js';

const key = 'k'.repeat(32);
const name = { roomId: 'r', senderId: 'ann', clientMessageId: 'c-1' };

describe('the name of an erased message', () => {
  it('is the same for the same message, another for any other and under another key, and gives nothing away', () => {
    const hash = erasedClientId(name, key);
    expect(erasedClientId({ ...name }, key)).toBe(hash);
    const others = [{ roomId: 'q' }, { senderId: 'bob' }, { clientMessageId: 'c-2' }];
    const all = [
      hash,
      ...others.map((other) => erasedClientId({ ...name, ...other }, key)),
      erasedClientId(name, `${key}!`),
    ];
    expect(new Set(all).size).toBe(5);
    expect(all.every(isErasedClientId)).toBe(true);
    expect(hash).not.toContain('c-1');
  });

  it('is not hashed twice', () => {
    const hash = erasedClientId(name, key);
    expect(erasedClientId({ ...name, clientMessageId: hash }, key)).toBe(hash);
    expect(isErasedClientId('c-1')).toBe(false);
  });

  it('goes altogether where no retry can come any more', () => {
    const at = new Date(1);
    expect(tombstoneUpdate(at, '#x')).toEqual({
      $set: { content: '', bodyHash: '', messageType: 'text', erasedAt: at, clientMessageId: '#x' },
      $unset: { metadata: '' },
    });
    expect(tombstoneUpdate(at).$unset).toEqual({ metadata: '', clientMessageId: '' });
  });
});
