import { describe, expect, it } from 'vitest';
import { eventKinds } from './actions/step.js';
import { quickConfigurations } from './configurations.js';
import { controls } from './controls.js';
import { explore } from './explore.js';
import { rulesAsBuilt } from './rules.js';
import { tellStory } from './story.js';

/** A busy machine may take ten times as long as an idle one. */
const timeoutMs = 300_000;

describe('the rules of the message log as built', () => {
  it.each(quickConfigurations)('keep every promise in every state: $name', { timeout: timeoutMs }, ({ bounds }) => {
    const { broken, quiescent, states } = explore(bounds, rulesAsBuilt);
    expect(broken && tellStory(broken, bounds)).toBeUndefined();
    expect(states).toBeGreaterThan(10_000);
    expect(quiescent).toBeGreaterThan(0);
  });
});

describe('a protocol with a mistake in it', () => {
  it.each(controls)('is found out: $name breaks "$breaks"', { timeout: timeoutMs }, ({ bounds, rules, breaks }) => {
    const { broken } = explore(bounds, rules, breaks);
    expect(broken?.invariant).toBe(breaks);
    const story = broken && tellStory(broken, bounds);
    expect(story).toHaveLength((broken?.events.length ?? 0) + 1);
  });

  it('is sound once it is mended, though nothing that can happen is missing', { timeout: timeoutMs }, () => {
    const seen = new Set<string>();
    for (const { bounds, rules, breaks } of controls) {
      const mended = explore(bounds, rulesAsBuilt);
      expect(mended.broken).toBeUndefined();
      for (const kind of [...mended.kinds, ...explore(bounds, rules, breaks).kinds]) seen.add(kind);
    }
    expect(Object.keys(eventKinds).filter((kind) => !seen.has(kind))).toEqual([]);
  });
});
