// @vitest-environment happy-dom
import type { ParlanceClient } from '@parlance/client';
import { describe, expect, it } from 'vitest';
import { failure } from '../../../typescript/test/fakes/fake-gateway.js';
import { reactVersions } from '../../test/fakes/load-react.js';
import { Stage } from '../../test/fakes/stage.js';

describe.each(reactVersions)('useRoom with React %s', (version) => {
  it('shows a room with what was said and what waits to be sent, and nothing once it is gone', async () => {
    using stage = await Stage.of(version);
    const { gateway, client } = stage.stack;
    gateway.addRoom('r');
    await stage.show(stage.loaded.react.createElement(roomOf(stage), { roomId: 'r' }));
    expect(stage.text).toBe('r: + ');
    await stage.act(() => gateway.post('r', 'ann', 'hello'));
    gateway.interventions.set('sendMessage', [failure('STORE_UNAVAILABLE', { retryable: true })]);
    await stage.act(() => void client.send('r', 'hi'));
    expect(stage.text).toBe('r:hello + hi');
    await stage.act(() => undefined, 60_000);
    expect(stage.text).toBe('r:hello,hi + ');
    await stage.act(() => void client.leaveRoom('r'));
    expect(stage.text).toBe('none');
  });

  it('renders again for its own room only', async () => {
    using stage = await Stage.of(version);
    const { gateway } = stage.stack;
    const renders: string[] = [];
    const Room = roomOf(stage, (roomId) => renders.push(roomId));
    gateway.addRoom('a');
    gateway.addRoom('b');
    const { createElement } = stage.loaded.react;
    await stage.show([createElement(Room, { key: 'a', roomId: 'a' }), createElement(Room, { key: 'b', roomId: 'b' })]);
    renders.length = 0;
    await stage.act(() => gateway.post('b', 'ann', 'hello'));
    expect(renders).toEqual(['b']);
  });

  it('opens the room while it is mounted, in StrictMode once in the end, and asks for it once', async () => {
    using stage = await Stage.of(version, { isStrict: true });
    const { gateway, client } = stage.stack;
    gateway.addRoom('r');
    await stage.show(null);
    const open = openRoomsOf(client);
    const before = gateway.requestsOf('resume').length;
    await stage.show(stage.loaded.react.createElement(roomOf(stage), { roomId: 'r' }));
    expect([...open]).toEqual([['r', 1]]);
    expect(gateway.requestsOf('resume')).toHaveLength(before + 1);
    await stage.show(null);
    expect([...open]).toEqual([]);
  });

  it('goes over to another room, or to none', async () => {
    using stage = await Stage.of(version);
    const { gateway, client } = stage.stack;
    gateway.addRoom('a');
    gateway.addRoom('b');
    const open = openRoomsOf(client);
    const Room = roomOf(stage);
    const { createElement } = stage.loaded.react;
    await stage.show(createElement(Room, { roomId: 'a' }));
    expect([stage.text, [...open.keys()]]).toEqual(['a: + ', ['a']]);
    await stage.show(createElement(Room, { roomId: 'b' }));
    expect([stage.text, [...open.keys()]]).toEqual(['b: + ', ['b']]);
    await stage.show(createElement(Room, { roomId: undefined }));
    expect([stage.text, [...open.keys()]]).toEqual(['none', []]);
  });

  it('keeps what was paged back when the component makes way for another of the same room', async () => {
    using stage = await Stage.of(version);
    const { gateway, client } = stage.stack;
    gateway.addRoom('r');
    await stage.show(null);
    await stage.act(() => {
      for (let id = 1; id <= 600; id++) gateway.post('r', 'ann', `${id}`);
    });
    const { createElement } = stage.loaded.react;
    const Room = roomOf(stage);
    await stage.show(createElement(Room, { key: 'one', roomId: 'r' }));
    await stage.act(() => void client.loadOlder('r'));
    expect(client.room('r')?.messages).toHaveLength(550);
    await stage.show(createElement(Room, { key: 'two', roomId: 'r' }));
    expect(client.room('r')?.messages).toHaveLength(550);
    await stage.hide();
    expect(client.room('r')?.messages).toHaveLength(500);
  });
});

function roomOf({ loaded: { react, hooks } }: Stage, rendered: (roomId: string) => void = () => undefined) {
  return ({ roomId }: { readonly roomId: string | undefined }) => {
    const view = hooks.useRoom(roomId);
    rendered(roomId ?? '');
    if (view === undefined) return react.createElement('p', null, 'none');
    const texts = [view.messages, view.pending].map((all) => all.map(({ content }) => content).join());
    return react.createElement('p', null, `${view.room.roomId}:${texts.join(' + ')}`);
  };
}

/** How often each room is open, from now on. */
function openRoomsOf(client: ParlanceClient): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const open = client.open.bind(client);
  client.open = (roomId) => {
    const close = open(roomId);
    counts.set(roomId, (counts.get(roomId) ?? 0) + 1);
    return () => {
      const left = (counts.get(roomId) ?? 0) - 1;
      if (left > 0) counts.set(roomId, left);
      else counts.delete(roomId);
      close();
    };
  };
  return counts;
}
