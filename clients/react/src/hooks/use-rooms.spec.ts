// @vitest-environment happy-dom
import type { RoomView } from '@parlance/client';
import { describe, expect, it } from 'vitest';
import { reactVersions } from '../../test/fakes/load-react.js';
import { Stage } from '../../test/fakes/stage.js';

describe.each(reactVersions)('useRooms with React %s', (version) => {
  it('shows rooms as they come, change and go', async () => {
    using stage = await Stage.of(version);
    const { gateway, client } = stage.stack;
    const { react, hooks } = stage.loaded;
    const List = () => react.createElement('p', null, [...hooks.useRooms().values()].map(textOf).join());
    gateway.addRoom('r');
    await stage.show(react.createElement(List));
    expect(stage.text).toBe('r:');
    await stage.act(() => gateway.post('r', 'ann', 'hello'));
    expect(stage.text).toBe('r:hello');
    await stage.act(() => void client.leaveRoom('r'));
    expect(stage.text).toBe('');
  });

  it('renders again once for all changes of one turn, and only the row of the room that changed', async () => {
    using stage = await Stage.of(version);
    const { gateway } = stage.stack;
    const { react, hooks } = stage.loaded;
    const rendered: string[] = [];
    const Row = react.memo(({ view }: { readonly view: RoomView }) => {
      rendered.push(view.room.roomId);
      return react.createElement('p', null, textOf(view));
    });
    const List = () => {
      rendered.push('list');
      const rooms = [...hooks.useRooms().values()];
      return rooms.map((view) => react.createElement(Row, { key: view.room.roomId, view }));
    };
    gateway.addRoom('a');
    gateway.addRoom('b');
    await stage.show(react.createElement(List));
    rendered.length = 0;
    await stage.act(() => {
      gateway.post('a', 'ann', '1');
      gateway.post('a', 'ann', '2');
    });
    expect(rendered).toEqual(['list', 'a']);
    expect(stage.text).toBe('a:2b:');
  });

  it('renders nothing again for what brings nothing new', async () => {
    using stage = await Stage.of(version);
    const { gateway } = stage.stack;
    const { react, hooks } = stage.loaded;
    let renders = 0;
    const List = () => {
      renders += 1;
      return react.createElement('p', null, hooks.useRooms().size);
    };
    gateway.addRoom('r');
    await stage.show(react.createElement(List));
    await stage.act(() => gateway.emit('typing', { roomId: 'r', userId: 'ann', isTyping: true }));
    const before = renders;
    // The same again, 10 s later: only the time at which it is forgotten has changed.
    await stage.act(() => gateway.emit('typing', { roomId: 'r', userId: 'ann', isTyping: true }), 1_000);
    await stage.act(() => gateway.emit('typing', { roomId: 'elsewhere', userId: 'ann', isTyping: true }));
    expect(renders).toBe(before);
  });

  it('misses nothing that happens between rendering and listening', async () => {
    using stage = await Stage.of(version);
    const { gateway, client, clock } = stage.stack;
    const { react, hooks } = stage.loaded;
    gateway.addRoom('r');
    await client.connect();
    await clock.pass(0);
    const List = () => {
      // By itself React listens to the client only in a later task; the client tells at the end of this one.
      react.useLayoutEffect(() => void gateway.post('r', 'ann', 'in between'), []);
      return react.createElement('p', null, [...hooks.useRooms().values()].map(textOf).join());
    };
    await stage.showByItself(react.createElement(List), () => stage.text !== '');
    expect(stage.text).toBe('r:in between');
  });
});

function textOf({ room, lastMessage }: RoomView): string {
  return `${room.roomId}:${lastMessage?.content ?? ''}`;
}
