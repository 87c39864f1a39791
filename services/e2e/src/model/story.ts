import type { EventKind, Invariant } from './actions/step.js';
import { type Bounds, predecessors } from './bounds.js';
import type { Counterexample } from './explore.js';
import type { Event } from './retell.js';
import { commandContents, commandMonth, firstDocument } from './world/detached-command.js';
import { eventId, eventMessage } from './world/event.js';
import { queuedMessage } from './world/queue-entry.js';
import { contentOf, messageIn, seal, slotOf } from './world/slot-entry.js';
import { inserting, toRepeat, twoIds, type World, waiting } from './world/world.js';

const sentences: Readonly<Record<EventKind, Sentence>> = {
  send: ({ subject, detail }, names) => `${names[subject]} is sent; ${pod(detail)} queues it`,
  repeat: ({ subject, detail }, names) => `${names[subject]} is sent again, to ${pod(detail)}`,
  giveUp: ({ subject }, names) => `The sender of ${names[subject]} gets no answer in time`,
  expire: ({ subject, detail }, names) => `${pod(subject)} forgets ${names[detail]}, whose sender has given up`,
  load: (event, names) => `${pod(event.subject)} reads the tail: head ${event.detail}${rejected(event, names)}`,
  push: ({ subject, detail }) => `${pod(subject)} reads a seal and adds ${months[1]} to the chain, from id ${detail}`,
  searchPrevious: ({ subject }) => `${pod(subject)} finds all it was asked for in ${months[0]}`,
  insert: ({ subject, detail, after }, names) => {
    const { queue, batch, month } = after.pods[subject as 0 | 1];
    const sent = queue.slice(0, batch).map((entry) => names[queuedMessage(entry)]);
    return `${pod(subject)} sends an insert of ${sent.join(', ')} into ${months[month]} from slot ${detail} on`;
  },
  land: ({ subject, detail, before, after }, names) => {
    const log = before.pods[subject as 0 | 1];
    const name = names[queuedMessage(log.queue[detail] as number)];
    return `The primary works on ${pod(subject)}'s insert at ${name}: ${landed(before, after, names)}`;
  },
  closeMonth: ({ subject, detail }) => `${pod(subject)} ends ${months[0]} at slot ${detail}`,
  landSeal: ({ before, after }, names) => `A seal reaches the primary: ${landed(before, after, names)}`,
  timeOut: ({ subject, before }) =>
    `${pod(subject)}'s ${before.pods[subject as 0 | 1].stage === inserting ? 'insert' : 'seal'} times out: unknown`,
  replicate: ({ subject, detail }, names) => `A majority gets ${record(detail, names)} of ${months[subject]}`,
  replicateChain: () => `A majority gets the longer chain`,
  landLate: ({ subject, detail }, names) => {
    const document = record(firstDocument(subject), names);
    const more = commandContents(subject).length > 1 ? ', and its command goes on' : '';
    const month = months[commandMonth(subject)];
    return detail === 1 ? `Late, ${document} lands in ${month}${more}` : `Late, ${document} is refused by ${month}`;
  },
  failOver: ({ subject, before, after }, names) => `${reachNames[subject]} fails over${dropped(before, after, names)}`,
  crash: ({ subject }) => `${pod(subject)} is killed and starts again`,
  monthEnds: ({ subject }) => `${pod(subject)}'s clock passes the end of ${months[0]}`,
  clockBack: ({ subject }) => `${pod(subject)}'s clock steps back into ${months[0]}`,
  counterBack: ({ subject }) => `Redis fails over; its counter is ${subject} again`,
  deliver: ({ subject }, names) => `The gateway gets the event of ${about(subject, names)}`,
  lose: ({ subject }, names) => `Redis loses the event of ${about(subject, names)}`,
  checkHeads: ({ subject }) => `The gateway hears that the head is ${subject}`,
  pull: ({ subject, detail }) => `The gateway pulls ${subject} to ${detail} from the log`,
  goAway: () => 'The listening client goes away',
  comeBack: ({ subject }) => `It comes back; the gateway opens a feed at head ${subject}`,
  confirm: ({ subject }) => `Redis confirms the subscription; the log's head is ${subject}`,
  answerResume: ({ subject }) => `The chat service reads the client's page, up to ${subject}`,
  takeResume: ({ subject }) => `The client takes the page up to ${subject}`,
};

const meaning: Readonly<Record<Invariant, string>> = {
  lost: 'an acknowledged message is not in the log that readers find',
  duplicate: 'one message stands in the log twice',
  reordered: 'messages do not stand in the order that was promised',
  gap: 'there is an id below the head without a message',
  'equal ids': 'two messages have one id',
  phantom: 'the client shows a message that is not in the log',
  'wrong ack': 'two acks of one message name different ids',
  unseen: 'nothing more happens, and the connected client does not have the whole log',
  unanswered: 'nothing more happens, and a sender has no answer',
};

const months = ['November', 'December'] as const;
const reachNames: Readonly<Record<number, string>> = { 1: months[0], 2: months[1], 4: '`rooms`', 7: 'MongoDB' };

/** A counterexample in sentences, one a line, numbered. */
export function tellStory({ events, invariant }: Counterexample, bounds: Bounds): readonly string[] {
  const names = messageNames(bounds);
  const lines = events.map((event, index) => {
    const acks = newAcks(event, names);
    const sentence = sentences[event.kind](event, names);
    return `${String(index + 1).padStart(3)}. ${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.${acks}`;
  });
  return [...lines, `     => ${invariant}: ${meaning[invariant]}.`];
}

type Sentence = (event: Event, names: readonly string[]) => string;
const writers = ['ann', 'ben', 'cat', 'dan'];

function messageNames(bounds: Bounds): readonly string[] {
  let writer = -1;
  return predecessors(bounds).map((before) => (before < 0 ? `${writers[++writer]}-1` : `${writers[writer]}-2`));
}

function pod(index: number): string {
  return index === 0 ? 'pod A' : 'pod B';
}

function record(entry: number, names: readonly string[]): string {
  const what = contentOf(entry) === seal ? 'the seal' : names[messageIn(contentOf(entry))];
  return `${what} in slot ${slotOf(entry)}`;
}

function about(code: number, names: readonly string[]): string {
  return `${names[eventMessage(code)]} (id ${eventId(code)})`;
}

function landed(before: World, after: World, names: readonly string[]): string {
  const fresh = after.months.flatMap(({ entries }, month) =>
    entries.slice(before.months[month as 0 | 1].entries.length).map((entry) => record(entry, names)),
  );
  return fresh.length === 0 ? 'refused' : `${fresh.join(', ')} landed`;
}

function dropped(before: World, after: World, names: readonly string[]): string {
  const gone = before.months.flatMap(({ entries }, month) =>
    entries.slice(after.months[month as 0 | 1].entries.length).map((entry) => record(entry, names)),
  );
  if (before.chain.firstId !== after.chain.firstId) gone.push('the longer chain');
  return gone.length === 0 ? '' : ` and loses ${gone.join(', ')}`;
}

/** Messages whose senders are told that they were not stored. */
function rejected({ before, after }: Event, names: readonly string[]): string {
  const told = after.clients.flatMap(({ status }, message) =>
    status === toRepeat && before.clients[message]?.status === waiting ? [names[message]] : [],
  );
  return told.length === 0 ? '' : `, and tells the sender of ${told.join(', ')} that it was not stored`;
}

function newAcks({ before, after }: Event, names: readonly string[]): string {
  return after.clients
    .map(({ ackedId }, message) => {
      if (ackedId === before.clients[message]?.ackedId) return '';
      return ` ${names[message]} is acknowledged${ackedId === twoIds ? ' again, under another id' : ` as ${ackedId}`}.`;
    })
    .join('');
}
