// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { reactVersions } from '../../test/fakes/load-react.js';
import { Stage } from '../../test/fakes/stage.js';

describe.each(reactVersions)('useClientEvent with React %s', (version) => {
  it('calls the listener of the last render, once for each event, and none afterwards', async () => {
    using stage = await Stage.of(version, { isStrict: true });
    const { gateway } = stage.stack;
    const { react, hooks } = stage.loaded;
    const told: string[] = [];
    const Listener = ({ name }: { readonly name: string }) => {
      hooks.useClientEvent('message', ({ content }) => told.push(`${name} ${content}`));
      return null;
    };
    gateway.addRoom('r');
    await stage.show(react.createElement(Listener, { name: 'first' }));
    await stage.act(() => gateway.post('r', 'ann', '1'));
    await stage.show(react.createElement(Listener, { name: 'second' }));
    await stage.act(() => gateway.post('r', 'ann', '2'));
    await stage.show(null);
    await stage.act(() => gateway.post('r', 'ann', '3'));
    expect(told).toEqual(['first 1', 'second 2']);
  });

  it('hears what happens from the first attempt to connect on', async () => {
    using stage = await Stage.of(version);
    const { react, hooks } = stage.loaded;
    const told: string[] = [];
    const Listener = () => {
      hooks.useClientEvent('state', (state) => told.push(state));
      return null;
    };
    await stage.show(react.createElement(Listener));
    expect(told).toEqual(['connecting', 'online']);
  });
});
