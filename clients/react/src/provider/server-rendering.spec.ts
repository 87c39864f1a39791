// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { reactVersions } from '../../test/fakes/load-react.js';
import { Stage } from '../../test/fakes/stage.js';

describe.each(reactVersions)('rendering on a server with React %s', (version) => {
  it('shows a page without rooms, and connects nothing', async () => {
    using stage = await Stage.of(version);
    expect(stage.loaded.server.renderToString(stage.page(pageOf(stage)))).toBe('<p>idle 0  </p>');
    expect(stage.stack.client.state).toBe('idle');
  });

  it('is taken over without a difference by a client that has rooms already, and shows them then', async () => {
    using stage = await Stage.of(version);
    const { gateway, client, clock } = stage.stack;
    stage.container.innerHTML = stage.loaded.server.renderToString(stage.page(pageOf(stage)));
    gateway.addRoom('r');
    await client.connect();
    await clock.pass(0);
    gateway.post('r', 'ann', 'hello');
    gateway.emit('typing', { roomId: 'r', userId: 'bob', isTyping: true });
    const taken = stage.container.firstChild;
    const differences: unknown[] = [];
    await stage.hydrate(pageOf(stage), (error) => differences.push(error));
    expect(differences).toEqual([]);
    expect(stage.container.firstChild).toBe(taken);
    expect(stage.text).toBe('online 1 hello bob');
    await stage.hide();
  });
});

/** Something that uses all hooks. */
function pageOf({ loaded: { react, hooks } }: Stage) {
  const Page = () => {
    const rooms = hooks.useRooms();
    const view = hooks.useRoom('r');
    const [typing] = hooks.useTyping('r');
    const { state } = hooks.useConnection();
    hooks.useClientEvent('error', () => undefined);
    return react.createElement(
      'p',
      null,
      `${state} ${rooms.size} ${view?.lastMessage?.content ?? ''} ${typing.join()}`,
    );
  };
  return react.createElement(Page);
}
