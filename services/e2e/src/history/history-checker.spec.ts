import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnomalyName } from './anomaly.js';
import { HistoryChecker } from './history-checker.js';
import type { Observation, SeenMessage, Sent } from './observation.js';
import type { RoomAnomalyName } from './room-changes.js';

interface Story {
  readonly observations: readonly Observation[];
  readonly log: readonly SeenMessage[];
}

/** Two clients of two users in one room; each message is sent, acknowledged and shown to both, one after the other. */
function faultless(count = 4): Story {
  const observations: Observation[] = [];
  const log: SeenMessage[] = [];
  for (let index = 1; index <= count; index++) {
    const senderId = index % 2 === 0 ? 'ann' : 'bob';
    const key = { roomId: 'r', senderId, clientMessageId: `m${index}` };
    const message: SeenMessage = { ...key, messageId: index, content: `text ${index}`, timestamp: 1_000 + index };
    const at = index * 10;
    observations.push({ kind: 'sent', at, clientId: senderId, content: message.content, ...key });
    observations.push({ kind: 'acked', at: at + 1, messageId: index, timestamp: message.timestamp, ...key });
    for (const clientId of ['ann', 'bob']) {
      observations.push({ kind: 'shown', at: at + 2, clientId, userId: clientId, message });
      observations.push({
        kind: 'marked',
        at: at + 3,
        clientId,
        roomId: 'r',
        userId: 'ann',
        receipt: 'read',
        upTo: index,
      });
    }
    log.push(message);
  }
  return { observations, log };
}

function check({ observations, log }: Story): AnomalyName[] {
  const checker = new HistoryChecker();
  const clients = ['ann', 'bob'].map((clientId) => ({ clientId, rooms: ['r'] }));
  const found = observations.flatMap((each) => checker.observe(each));
  found.push(...checker.finish({ logs: new Map([['r', log]]), clients, rooms: [] }));
  return [...new Set(found.map(({ name }) => name))].toSorted();
}

const shownTo = (clientId: string, messageId: number) => (each: Observation) =>
  each.kind === 'shown' && each.clientId === clientId && each.message.messageId === messageId;

/** The observations with one moved behind another. */
function moved(story: Story, what: (each: Observation) => boolean, behind: (each: Observation) => boolean): Story {
  const one = story.observations.find(what);
  const rest = story.observations.filter((each) => each !== one);
  const place = rest.findIndex(behind) + 1;
  return { ...story, observations: [...rest.slice(0, place), one as Observation, ...rest.slice(place)] };
}

function changedLog(story: Story, messageId: number, change: Partial<SeenMessage>): Story {
  return { ...story, log: story.log.map((each) => (each.messageId === messageId ? { ...each, ...change } : each)) };
}

function withMore(story: Story, ...more: readonly Observation[]): Story {
  return { ...story, observations: [...story.observations, ...more] };
}

const second = { roomId: 'r', senderId: 'ann', clientMessageId: 'm2' };
const another = { roomId: 'r', senderId: 'ann', clientMessageId: 'm5' };
const fifth: SeenMessage = { ...another, messageId: 5, content: 'text 5', timestamp: 2_000 };
const sentFifth: Sent = { kind: 'sent', at: 100, clientId: 'ann', content: 'text 5', ...another };
const shownFifth = ['ann', 'bob'].map(
  (clientId): Observation => ({ kind: 'shown', at: 103, clientId, userId: clientId, message: fifth }),
);

/** One planted fault each: the story, and what the checker has to call it. */
const planted: Record<
  MessageAnomalyName,
  readonly (readonly [what: string, story: Story, others?: readonly AnomalyName[]])[]
> = {
  lost: [
    ['an acked message is missing at the end', { ...faultless(), log: faultless().log.slice(0, 3) }, ['phantom']],
    [
      'an acked message is missing in the middle',
      { ...faultless(), log: faultless().log.filter(({ messageId }) => messageId !== 2) },
      ['gap', 'phantom'],
    ],
    [
      'a message stands under another id than its ack said',
      changedLog(faultless(), 4, { messageId: 5 }),
      ['gap', 'phantom', 'unseen'],
    ],
  ],
  duplicate: [
    [
      'one send is in the log twice',
      withMore(
        { ...faultless(), log: [...faultless().log, { ...fifth, ...second }] },
        ...shownFifth.map((each) => ({ ...each, message: { ...fifth, ...second } }) as Observation),
      ),
      ['reordered'],
    ],
    [
      'a client is shown a message twice',
      withMore(faultless(), faultless().observations.find(shownTo('bob', 3)) as Observation),
    ],
  ],
  equalIds: [
    [
      'two months hold the same id',
      { ...faultless(), log: [...faultless().log, { ...fifth, messageId: 4 }] },
      ['disagreement', 'phantom'],
    ],
  ],
  reordered: [
    ['a client is shown an older message late', moved(faultless(), shownTo('bob', 2), shownTo('bob', 4)), ['gap']],
    ['a message stands before one that was acknowledged before it was sent', swapped(faultless(), 2, 3)],
    ['one client sends a, then b, and b comes first', swapped(unacknowledged(faultless()), 2, 4)],
  ],
  gap: [
    [
      'a client is shown 3 and never was shown 2',
      { ...faultless(), observations: faultless().observations.filter((each) => !shownTo('bob', 2)(each)) },
    ],
    [
      'the log has a hole',
      { observations: [], log: faultless().log.filter(({ messageId }) => messageId !== 2) },
      ['phantom', 'unseen'],
    ],
  ],
  phantom: [
    ['the log has what nobody sent', withMore({ ...faultless(), log: [...faultless().log, fifth] }, ...shownFifth)],
    ['a client is shown what is not in the log', withMore(faultless(), sentFifth, ...shownFifth)],
    [
      'a rejected message is in the log',
      withMore(
        { ...faultless(), log: [...faultless().log, fifth] },
        sentFifth,
        { kind: 'refused', at: 101, outcome: 'rejected', code: 'STORE_UNAVAILABLE', ...another },
        ...shownFifth,
      ),
    ],
  ],
  unseen: [
    [
      'a client missed the last message',
      { ...faultless(), observations: faultless().observations.filter((each) => !shownTo('bob', 4)(each)) },
    ],
  ],
  ackChanged: [
    [
      'a retry is answered with another message',
      withMore(faultless(), { kind: 'acked', at: 90, messageId: 4, timestamp: 1_004, ...second }),
    ],
    [
      'a retry is answered with another time',
      withMore(faultless(), { kind: 'acked', at: 90, messageId: 2, timestamp: 1, ...second }),
    ],
  ],
  receiptWentBack: [
    [
      'a mark falls',
      withMore(faultless(), {
        kind: 'marked',
        at: 90,
        clientId: 'bob',
        roomId: 'r',
        userId: 'ann',
        receipt: 'read',
        upTo: 1,
      }),
    ],
  ],
  outsideMembership: [
    [
      'a removed user is shown what was sent 3 s later',
      withMore(
        { ...faultless(), log: [...faultless().log, fifth] },
        { kind: 'left', at: 60, roomId: 'r', userId: 'bob' },
        { ...sentFifth, at: 3_060 },
        ...shownFifth,
      ),
    ],
  ],
  disagreement: [
    ['the log has another text than was shown', changedLog(faultless(), 3, { content: 'edited' })],
    [
      'two clients are shown different texts',
      {
        ...faultless(),
        observations: faultless().observations.map((each) =>
          shownTo('bob', 3)(each) && each.kind === 'shown'
            ? { ...each, message: { ...each.message, content: 'other' } }
            : each,
        ),
      },
    ],
  ],
};

function swapped(story: Story, left: number, right: number): Story {
  const swap = (id: number): number => (id === left ? right : id === right ? left : id);
  const swapMessage = (message: SeenMessage): SeenMessage => ({ ...message, messageId: swap(message.messageId) });
  const byId = (a: SeenMessage, b: SeenMessage): number => a.messageId - b.messageId;
  const log = story.log.map(swapMessage).toSorted(byId);
  const observations = story.observations
    .filter(({ kind }) => kind !== 'shown')
    .map((each): Observation => (each.kind === 'acked' ? { ...each, messageId: swap(each.messageId) } : each));
  const shown = log.flatMap((message) =>
    ['ann', 'bob'].map((clientId): Observation => ({ kind: 'shown', at: 99, clientId, userId: clientId, message })),
  );
  return { log, observations: [...observations, ...shown] };
}

function unacknowledged(story: Story): Story {
  return { ...story, observations: story.observations.filter(({ kind }) => kind !== 'acked') };
}

type MessageAnomalyName = Exclude<AnomalyName, RoomAnomalyName>;

describe('a faultless history', () => {
  it('has no anomaly, however many messages', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), (count) => {
        expect(check(faultless(count))).toEqual([]);
      }),
    );
  });

  it('may hold a message whose outcome is unknown, or lack it', () => {
    const unknown: Observation = { kind: 'refused', at: 101, outcome: 'unknown', code: 'DISCONNECTED', ...another };
    expect(check(withMore(faultless(), sentFifth, unknown))).toEqual([]);
    expect(
      check(withMore({ ...faultless(), log: [...faultless().log, fifth] }, sentFifth, unknown, ...shownFifth)),
    ).toEqual([]);
  });

  it('may show a removed user what was sent less than 2 s after the removal', () => {
    const left: Observation = { kind: 'left', at: 60, roomId: 'r', userId: 'bob' };
    const story = { ...faultless(), log: [...faultless().log, fifth] };
    expect(check(withMore(story, left, { ...sentFifth, at: 1_900 }, ...shownFifth))).toEqual([]);
  });

  it('may begin for a client at a later message', () => {
    const checker = new HistoryChecker();
    checker.startAt('ann', 'r', 3);
    const { observations } = faultless();
    const seen = observations.filter((each) => shownTo('ann', 3)(each) || shownTo('ann', 4)(each));
    expect(seen.flatMap((each) => checker.observe(each))).toEqual([]);
  });

  it('may show a visitor another beginning at each stay, and no gap within one', () => {
    const stay = (kind: 'opened' | 'closed', upTo = 0): Observation => ({
      kind,
      at: 1,
      clientId: 'bob',
      roomId: 'r',
      upTo,
    });
    const { observations } = faultless(6);
    const seen = (messageId: number): Observation => observations.find(shownTo('bob', messageId)) as Observation;
    const names = (...visit: readonly Observation[]): AnomalyName[] => {
      const checker = new HistoryChecker();
      checker.visits('bob', 'r');
      return visit.flatMap((each) => checker.observe(each)).map(({ name }) => name);
    };
    expect(names(seen(3), seen(4), stay('closed'), seen(3), seen(4))).toEqual([]);
    expect(names(stay('opened', 2), seen(3), stay('closed'), stay('opened', 5), seen(6))).toEqual([]);
    expect(names(seen(3), stay('opened', 4), seen(4))).toEqual([]);
    const mark = { kind: 'marked', at: 1, clientId: 'bob', roomId: 'r', userId: 'bob', receipt: 'read' } as const;
    expect(names({ ...mark, upTo: 2 }, stay('closed'), { ...mark, upTo: 1 })).toEqual([]);
    expect(names(stay('opened', 2), seen(4))).toEqual(['gap']);
    expect(names(seen(3), seen(5))).toEqual(['gap']);
  });
});

describe.each(Object.keys(planted) as MessageAnomalyName[])('the anomaly "%s"', (name) => {
  const cases = planted[name].map(([what, story, others = []]) => ({
    what,
    story,
    names: [name, ...others].toSorted(),
  }));
  it.each(cases)('is found when $what', ({ story, names }) => {
    expect(check(story)).toEqual(names);
  });
});

it('counts sends by their ends', () => {
  const checker = new HistoryChecker();
  for (const each of faultless().observations) checker.observe(each);
  checker.observe(sentFifth);
  checker.observe({ kind: 'refused', at: 101, outcome: 'rejected', code: 'PERMISSION_DENIED', ...another });
  expect(checker.count()).toEqual({ sends: 5, acked: 4, rejected: 1, unknown: 0 });
});
