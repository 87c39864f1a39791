// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { ParlanceError } from '../../../typescript/src/parlance-error.js';
import { failure } from '../../../typescript/test/fakes/fake-gateway.js';
import { fakeStack } from '../../../typescript/test/fakes/fake-stack.js';
import { reactVersions } from '../../test/fakes/load-react.js';
import { Stage } from '../../test/fakes/stage.js';

describe.each(reactVersions)('ParlanceProvider with React %s', (version) => {
  it('connects its client while it is mounted, and closes it afterwards', async () => {
    using stage = await Stage.of(version);
    const { client, gateway } = stage.stack;
    expect(client.state).toBe('idle');
    await stage.show(null);
    expect(client.state).toBe('online');
    expect(gateway.targets).toHaveLength(1);
    await stage.hide();
    expect(client.state).toBe('closed');
  });

  it('makes one connection in StrictMode, and none of its own for a page that connected before', async () => {
    using stage = await Stage.of(version, { isStrict: true });
    const { client, gateway } = stage.stack;
    const states: string[] = [];
    client.on('state', (state) => states.push(state));
    await client.connect();
    await stage.show(null);
    expect(gateway.targets).toHaveLength(1);
    expect(states).toEqual(['connecting', 'online']);
    await stage.hide();
    expect(states).toEqual(['connecting', 'online', 'closed']);
  });

  it('closes a client that two providers share after the last of them only', async () => {
    using stage = await Stage.of(version);
    const { client, gateway } = stage.stack;
    await stage.show(stage.page(null));
    await stage.show(null);
    expect(client.state).toBe('online');
    expect(gateway.targets).toHaveLength(1);
    await stage.hide();
    expect(client.state).toBe('closed');
  });

  it('goes over to another client: closes the first and connects the second', async () => {
    using stage = await Stage.of(version);
    const other = fakeStack();
    other.gateway.userId = 'you';
    const { hooks, react } = stage.loaded;
    const Me = () => react.createElement('p', null, hooks.useConnection().userId);
    await stage.show(react.createElement(Me));
    expect(stage.text).toBe('me');
    await stage.show(react.createElement(Me), other.client);
    expect(stage.text).toBe('you');
    expect([stage.stack.client.state, other.client.state]).toEqual(['closed', 'online']);
  });

  it('throws nothing when the server lets nobody in', async () => {
    using stage = await Stage.of(version);
    stage.stack.gateway.refusals.push(ParlanceError.fromServer(failure('UNAUTHENTICATED').error));
    await stage.show(null);
    expect(stage.stack.client.state).toBe('closed');
  });

  it('is missed in words by a hook outside of it', async () => {
    using stage = await Stage.of(version);
    const { hooks, react, dom } = stage.loaded;
    const Lost = () => react.createElement('p', null, hooks.useRooms().size);
    const silenced = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const root = dom.createRoot(stage.container);
    await expect(react.act(async () => root.render(react.createElement(Lost)))).rejects.toThrow(
      'works inside a ParlanceProvider only',
    );
    silenced.mockRestore();
  });
});
