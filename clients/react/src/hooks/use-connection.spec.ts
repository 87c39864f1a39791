// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { ParlanceError } from '../../../typescript/src/parlance-error.js';
import { failure } from '../../../typescript/test/fakes/fake-gateway.js';
import { reactVersions } from '../../test/fakes/load-react.js';
import { Stage } from '../../test/fakes/stage.js';
import type { ConnectionView } from './use-connection.js';

describe.each(reactVersions)('useConnection with React %s', (version) => {
  it('tells the state with the user, and when and why it waits', async () => {
    using stage = await Stage.of(version);
    const { gateway, clock } = stage.stack;
    const seen = watch(stage);
    await stage.show(seen.child);
    expect(seen.views).toEqual([idle, { ...idle, state: 'connecting' }, { ...idle, state: 'online', userId: 'me' }]);
    gateway.refusals.push(ParlanceError.disconnected('rejected'));
    await stage.act(() => gateway.cut());
    const waiting = seen.views.at(-1);
    expect(waiting).toMatchObject({ state: 'waiting', userId: 'me', error: { code: 'DISCONNECTED' } });
    expect(waiting?.nextAttemptAt).toBe(clock.now() + 150);
    await stage.act(() => undefined, 60_000);
    expect(seen.views.at(-1)).toEqual({ ...idle, state: 'online', userId: 'me' });
  });

  it('says why the server lets nobody in', async () => {
    using stage = await Stage.of(version);
    stage.stack.gateway.refusals.push(ParlanceError.fromServer(failure('UNAUTHENTICATED').error));
    const seen = watch(stage);
    await stage.show(seen.child);
    expect(seen.views.at(-1)).toMatchObject({ state: 'closed', error: { code: 'UNAUTHENTICATED' } });
  });

  it('renders again for nothing else', async () => {
    using stage = await Stage.of(version);
    const { gateway, client } = stage.stack;
    gateway.addRoom('r');
    const seen = watch(stage);
    await stage.show(seen.child);
    const before = seen.views.length;
    await stage.act(() => {
      gateway.post('r', 'ann', 'hello');
      client.send('r', 'hi');
    });
    expect(seen.views).toHaveLength(before);
  });
});

const idle = { state: 'idle', userId: undefined, nextAttemptAt: undefined, error: undefined };

/** What the hook answered with each render. */
function watch({ loaded: { react, hooks } }: Stage) {
  const views: ConnectionView[] = [];
  const Watch = () => {
    views.push(hooks.useConnection());
    return null;
  };
  return { views, child: react.createElement(Watch) };
}
