// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { reactVersions } from '../../test/fakes/load-react.js';
import { Stage } from '../../test/fakes/stage.js';

describe.each(reactVersions)('useTyping with React %s', (version) => {
  it('shows who types, until they stop or fall silent, and renders again for nothing else', async () => {
    using stage = await Stage.of(version);
    const { gateway } = stage.stack;
    let renders = 0;
    const Typing = typingOf(stage, () => (renders += 1));
    gateway.addRoom('r');
    await stage.show(stage.loaded.react.createElement(Typing, { roomId: 'r' }));
    await stage.act(() => gateway.emit('typing', { roomId: 'r', userId: 'ann', isTyping: true }));
    expect(stage.text).toBe('ann');
    const before = renders;
    await stage.act(() => gateway.post('r', 'bob', 'hello'));
    expect(renders).toBe(before);
    await stage.act(() => undefined, 12_000);
    expect(stage.text).toBe('');
  });

  it('tells what this user does, and that it is over when the room is left or the component goes', async () => {
    using stage = await Stage.of(version, { isStrict: true });
    const { gateway } = stage.stack;
    let tell: (isTyping: boolean) => void = () => undefined;
    const Typing = typingOf(stage, (next) => (tell = next));
    gateway.addRoom('a');
    gateway.addRoom('b');
    const { createElement } = stage.loaded.react;
    const told = () => gateway.requestsOf('typing').map(({ roomId, isTyping }) => `${roomId} ${isTyping}`);
    await stage.show(createElement(Typing, { roomId: 'a' }));
    await stage.act(() => tell(true));
    expect(told()).toEqual(['a true']);
    await stage.show(createElement(Typing, { roomId: 'b' }));
    await stage.act(() => tell(true));
    expect(told()).toEqual(['a true', 'a false', 'b true']);
    await stage.show(null);
    expect(told()).toEqual(['a true', 'a false', 'b true', 'b false']);
  });

  it('is over for this user with a message, and begins anew with the next key', async () => {
    using stage = await Stage.of(version);
    const { gateway, client } = stage.stack;
    let tell: (isTyping: boolean) => void = () => undefined;
    const Typing = typingOf(stage, (next) => (tell = next));
    gateway.addRoom('r');
    await stage.show(stage.loaded.react.createElement(Typing, { roomId: 'r' }));
    await stage.act(() => {
      tell(true);
      client.send('r', 'hello');
      tell(true);
    });
    expect(gateway.requestsOf('typing').map(({ isTyping }) => isTyping)).toEqual([true, false, true]);
  });
});

function typingOf({ loaded: { react, hooks } }: Stage, rendered: (tell: (isTyping: boolean) => void) => void) {
  return ({ roomId }: { readonly roomId: string }) => {
    const [userIds, tell] = hooks.useTyping(roomId);
    rendered(tell);
    return react.createElement('p', null, userIds.join());
  };
}
