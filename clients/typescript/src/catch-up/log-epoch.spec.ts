import { describe, expect, it } from 'vitest';
import { failure } from '../../test/fakes/fake-gateway.js';
import { contents, restore, withTen } from '../../test/fakes/ten-messages.js';

describe('a room whose log is of another epoch, restored to five messages and grown past ten again', () => {
  it('is loaded anew by a connection that finds it, without a message in the place of another', async () => {
    const { client, gateway, clock, told } = await withTen();
    gateway.cut();
    restore(gateway, 5);
    for (let id = 6; id <= 12; id++) gateway.post('r', 'ann', `new ${id}`);
    await clock.pass(2_000);
    expect(contents(client)).toEqual(['new 12']);
    expect(told).toEqual([['r', 12]]);
    await client.loadOlder('r');
    expect(contents(client)?.slice(3, 7)).toEqual(['4', '5', 'new 6', 'new 7']);
  });

  it('is loaded anew when heads tell it, and shows nothing that comes before it was', async () => {
    const { client, gateway, clock, told } = await withTen();
    const shown: string[] = [];
    client.on('message', ({ content }) => void shown.push(content));
    restore(gateway, 5);
    gateway.passes = () => false;
    for (let id = 6; id <= 10; id++) gateway.post('r', 'ann', `new ${id}`);
    gateway.passes = () => true;
    gateway.emit('heads', { r: { head: 10, rev: 0, epoch: 2 } });
    gateway.post('r', 'ann', 'new 11');
    expect(contents(client)?.at(-1)).toBe('10');
    await clock.pass(3_000);
    expect(contents(client)).toEqual(['new 11']);
    expect(told).toEqual([['r', 11]]);
    gateway.post('r', 'ann', 'new 12');
    await clock.pass(10);
    expect([contents(client), shown]).toEqual([['new 11', 'new 12'], ['new 12']]);
  });

  it('is loaded anew until that succeeds', async () => {
    const { client, gateway, clock, told } = await withTen();
    restore(gateway, 5);
    gateway.intervene('joinRoom', failure('STORE_UNAVAILABLE'), failure('STORE_UNAVAILABLE'));
    gateway.emit('heads', { r: { head: 5, rev: 0, epoch: 2 } });
    await clock.pass(20_000);
    expect(contents(client)).toEqual(['5']);
    expect(told).toEqual([['r', 5]]);
  });

  it('is not loaded from what is said of the log before', async () => {
    const { client, gateway, clock, told } = await withTen();
    restore(gateway, 5);
    gateway.emit('heads', { r: { head: 5, rev: 0, epoch: 2 } });
    await clock.pass(3_000);
    gateway.emit('heads', { r: { head: 40, rev: 0, epoch: 1 } });
    await clock.pass(5_000);
    expect([contents(client), told.length]).toEqual([['5'], 1]);
  });

  it('takes no ack of the log before for one: what it tells of is sent again under the same name', async () => {
    const { client, gateway, clock } = await withTen();
    const sent = client.send('r', 'mine');
    gateway.passes = () => false;
    gateway.line = (arrive) => {
      if (gateway.requests.at(-1)?.name === 'sendMessage' && gateway.rooms.get('r')?.epoch === 1) {
        restore(gateway, 5);
        gateway.passes = () => true;
        gateway.emit('heads', { r: { head: 5, rev: 0, epoch: 2 } });
      }
      arrive();
    };
    await clock.pass(5_000);
    expect((await sent.done).messageId).toBe(6);
    expect(gateway.rooms.get('r')?.messages.at(-1)).toMatchObject({
      messageId: 6,
      clientMessageId: sent.clientMessageId,
    });
    expect(contents(client)).toEqual(['mine']);
  });

  it('sends what was acknowledged and never shown again, though the log has an id as high by now', async () => {
    const { client, gateway, clock } = await withTen();
    gateway.passes = () => false;
    gateway.post('r', 'ann', 'lost on the way');
    expect((await client.send('r', 'mine').done).messageId).toBe(12);
    gateway.cut();
    restore(gateway, 5);
    gateway.passes = () => true;
    for (let id = 6; id <= 14; id++) gateway.post('r', 'ann', `new ${id}`);
    await clock.pass(5_000);
    expect(gateway.rooms.get('r')?.messages.at(-1)).toMatchObject({ messageId: 15, content: 'mine' });
    expect(client.room('r')?.pending).toEqual([]);
  });

  it('is the client of the room no longer when the room was created after the backup', async () => {
    const { client, gateway, clock } = await withTen();
    gateway.addRoom('empty');
    await client.joinRoom('empty');
    for (const roomId of ['r', 'empty']) {
      gateway.rooms.delete(roomId);
      gateway.emit('heads', { [roomId]: { head: 0, rev: 0, epoch: 2 } });
    }
    await clock.pass(3_000);
    expect([...client.rooms.keys()]).toEqual([]);
  });
});
