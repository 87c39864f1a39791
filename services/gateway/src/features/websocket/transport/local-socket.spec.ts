import { EventEmitter } from 'node:events';
import type { UserId } from '@parlance/proto';
import type { Socket } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventFrame } from './frame.js';
import { LocalSocket } from './local-socket.js';
import { TurnWrites } from './turn-writes.js';

describe('LocalSocket', () => {
  let fake: FakeSocket;
  let overflows: number;
  let socket: LocalSocket;

  beforeEach(() => {
    vi.useFakeTimers();
    fake = new FakeSocket();
    overflows = 0;
    socket = new LocalSocket(
      'ann' as UserId,
      fake as unknown as Socket,
      { writes: new TurnWrites(() => {}), maxBufferedBytes: 100, onOverflow: () => void overflows++ },
      () => performance.now(),
    );
  });
  afterEach(() => vi.useRealTimers());

  it('sends ready first and then what came before it, in order', () => {
    socket.markOpening();
    socket.deliver(frame('1'));
    socket.deliver(frame('2'));
    expect(fake.written).toEqual([]);
    socket.markLive(frame('ready'));
    socket.deliver(frame('3'));
    expect(fake.written).toEqual(['ready', '1', '2', '3'].map((name) => frame(name).packet));
  });

  it('answers requests before ready', () => {
    socket.markOpening();
    socket.send(frame('ack'));
    expect(fake.written).toHaveLength(1);
  });

  it('takes no events during its handshake and after its end', () => {
    expect(socket.deliver(frame('1'))).toBe(false);
    socket.markOpening();
    socket.markClosed();
    expect(socket.deliver(frame('2'))).toBe(false);
    socket.markLive(frame('ready'));
    expect(fake.written).toEqual([]);
  });

  it('survives a burst that is read within a second', () => {
    live();
    fake.conn.writeBuffer = [{ data: 'x'.repeat(150) }];
    socket.send(frame('1'));
    expect(socket.outgoingBytes).toBe(150);
    fake.conn.writeBuffer = [];
    expect(socket.outgoingBytes).toBe(0);
    vi.advanceTimersByTime(1_000);
    expect([overflows, fake.isCut]).toEqual([0, false]);
  });

  it('is cut off when it leaves too much unread for a second', () => {
    live();
    fake.conn.writeBuffer = [{ data: 'x'.repeat(150) }];
    socket.send(frame('1'));
    vi.advanceTimersByTime(1_000);
    expect([overflows, fake.isCut, socket.state]).toEqual([1, true, 'closed']);
  });

  it('is cut off at once when far too much is unread', () => {
    live();
    fake.conn.transport.socket.bufferedAmount = 401;
    socket.send(frame('1'));
    expect([overflows, fake.isCut]).toEqual([1, true]);
  });

  it('is cut off when too many events wait for ready', () => {
    socket.markOpening();
    for (let count = 0; count <= 1_000; count++) socket.deliver(frame('1'));
    expect([overflows, fake.isCut]).toEqual([1, true]);
  });

  it('is silent from a question until something arrives, and is not asked twice', () => {
    expect(socket.isSilent).toBe(false);
    vi.advanceTimersByTime(60_000);
    socket.askForSign();
    vi.advanceTimersByTime(10);
    socket.askForSign();
    expect([socket.isSilent, fake.conn.pings]).toEqual([true, 1]);
    socket.hear();
    expect(socket.isSilent).toBe(false);
    vi.advanceTimersByTime(10);
    socket.askForSign();
    expect([socket.isSilent, fake.conn.pings]).toEqual([true, 2]);
  });

  function live(): void {
    socket.markOpening();
    socket.markLive(frame('ready'));
  }
});

/** The part of a Socket.IO socket that is touched. */
class FakeSocket {
  readonly written: string[] = [];
  isCut = false;
  readonly client = { writeToEngine: (packet: string) => void this.written.push(packet) };
  readonly conn = Object.assign(new EventEmitter(), {
    readyState: 'open',
    writeBuffer: [] as { data: string }[],
    transport: {
      socket: Object.assign(new EventEmitter(), { bufferedAmount: 0, terminate: () => void (this.isCut = true) }),
    },
    pings: 0,
    sendPacket: () => void (this.conn.pings += 1),
  });
}

function frame(name: string) {
  return eventFrame(name, '{}');
}
