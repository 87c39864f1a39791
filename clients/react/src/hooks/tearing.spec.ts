// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { reactVersions } from '../../test/fakes/load-react.js';
import { Stage } from '../../test/fakes/stage.js';

describe.each(reactVersions)('a page that React %s renders in slices', (version) => {
  it('never shows two states of one room, though a message comes between two slices', async () => {
    using stage = await Stage.of(version);
    const { gateway } = stage.stack;
    const { react, hooks } = stage.loaded;
    gateway.addRoom('r');
    const slices: number[] = [];
    const committed: string[][] = [];
    const Reader = () => {
      // Longer than a slice, so that what waits for its turn gets it before the next reader.
      const until = performance.now() + 7;
      while (performance.now() < until);
      const count = hooks.useRoom('r')?.messages.length ?? 0;
      slices.push(count);
      return react.createElement('i', null, count);
    };
    let start: () => void = () => undefined;
    let over: () => void = () => undefined;
    const isOver = new Promise<void>((resolve) => (over = resolve));
    const Page = () => {
      const [readers, setReaders] = react.useState(0);
      start = () => react.startTransition(() => setReaders(6));
      react.useLayoutEffect(() => {
        committed.push([...stage.container.querySelectorAll('i')].map(({ textContent }) => textContent ?? ''));
        if (readers > 0) over();
      });
      return Array.from({ length: readers }, (_, key) => react.createElement(Reader, { key }));
    };
    await stage.show(react.createElement(Page));
    // From here on React decides by itself when it renders, as in a page.
    Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', false);
    start();
    while (slices.length === 0) await new Promise((resolve) => setTimeout(resolve));
    expect(slices.length).toBeLessThan(6);
    gateway.post('r', 'ann', 'in between');
    await isOver;
    await new Promise((resolve) => setTimeout(resolve));
    for (const counts of committed) expect(new Set(counts).size).toBeLessThanOrEqual(1);
    expect(stage.text).toBe('111111');
    Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true);
    await stage.hide();
  });
});
