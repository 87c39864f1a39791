import { expect, it } from 'vitest';
import { planRaiseEpoch } from './plan-raise-epoch.js';

it('raises all rooms or the one that is named, and refuses one that is not there', () => {
  expect(planRaiseEpoch(3)).toMatchObject({
    verdict: 'run',
    steps: [{ what: expect.stringContaining('all 3 rooms') }],
  });
  expect(planRaiseEpoch(1, 'tea')).toMatchObject({
    verdict: 'run',
    steps: [{ what: expect.stringContaining('the room tea') }],
  });
  expect(planRaiseEpoch(0)).toMatchObject({ verdict: 'nothing' });
  expect(planRaiseEpoch(0, 'tea')).toEqual({ verdict: 'refused', reason: 'there is no room tea' });
});
