import { describe, expect, it } from 'vitest';
import { isId, isReservedId, isSystemSender, isUserId } from './ids.js';

describe('ids', () => {
  it.each(['system', 'system:crm', 'system:a:b', 'parlance:audit'])('keep %s for the installation', (id) => {
    expect([isId(id), isReservedId(id), isUserId(id)]).toEqual([true, true, false]);
  });

  it.each(['ann', 'systems', 'System:crm', 'my:system', 'system-1', 'parlancer', 'auth0:5f7c'])(
    'leave %s to users',
    (id) => {
      expect([isReservedId(id), isUserId(id), isSystemSender(id)]).toEqual([false, true, false]);
    },
  );

  it('let system messages come from system or system and a name, and from nobody else', () => {
    expect(['system', 'system:crm', 'system:a:b'].every(isSystemSender)).toBe(true);
    for (const id of ['', 'system:', 'system: ', 'parlance:audit', 'ann', `system:${'x'.repeat(122)}`, 7])
      expect(isSystemSender(id), String(id)).toBe(false);
  });
});
