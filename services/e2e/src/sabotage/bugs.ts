import { conditions } from './conditions.js';
import type { Sabotage } from './sabotage.js';

const messageStore = 'chat-service/dist/features/slots/mongo-message-store.js';
const assembleStores = 'chat-service/dist/assembly/assemble-stores.js';
const roomLog = 'chat-service/dist/features/log/room-log.js';
const segmentChain = 'chat-service/dist/features/log/segment-chain.js';
const roomDecisions = 'chat-service/dist/features/membership/room-decisions.js';
const websocket = 'gateway/dist/features/websocket';
const insertMessages = 'return insertSlots(this.database, month, slots, { ordered, timeoutMs: commandMs });';

const roomUncompared: Sabotage['edits'][number] = {
  file: 'storage/dist/rooms/change-room.js',
  find: '{ roomId, memberRev: Long.fromNumber(memberRev) }',
  replace: '{ roomId }',
};

/** What a test must catch. */
export const bugs = {
  'no-lease': {
    what: 'a job does not look whether another one is at work',
    edits: [
      {
        file: 'jobs/dist/mongo/lease.js',
        find: 'await acquire(database, {',
        replace: 'if (globalThis.parlanceLeases) await acquire(database, {',
      },
      {
        file: 'jobs/dist/mongo/lease.js',
        find: 'await renew(database, token, ttlMs)',
        replace: 'await Promise.resolve(true)',
      },
    ],
  },
  'publish-before-commit': {
    what: 'messages are published and acknowledged before they are stored',
    edits: [
      {
        file: messageStore,
        find: insertMessages,
        replace: `if (slots.some(({ kind }) => kind === 'seal')) ${insertMessages}
        setTimeout(() => void insertSlots(this.database, month, slots, { ordered, timeoutMs: commandMs }), 150);
        return Promise.resolve(slots.map(() => ({ kind: 'committed' })));`,
      },
    ],
  },
  'trust-incr': {
    what: "a counter in Redis gives the message's id",
    edits: [
      {
        file: assembleStores,
        find: 'assembleStores({ database,',
        replace: 'assembleStores({ redis, database,',
      },
      {
        file: assembleStores,
        find: 'new TieredMessageStore(database,',
        replace: 'new TieredMessageStore(((globalThis.sabotageRedis = redis), database),',
      },
      {
        file: messageStore,
        find: insertMessages,
        replace: `const count = (slot) => globalThis.sabotageRedis.incr('counter:' + slot.roomId);
        return Promise.all(slots.map(async (slot) => Object.assign(slot, { messageId: Long.fromNumber(await count(slot)) })))
            .then(() => insertSlots(this.database, month, slots, { ordered, timeoutMs: commandMs }));`,
      },
    ],
  },
  'no-pull': {
    what: 'the gateway passes over messages whose events it missed',
    edits: [
      {
        file: `${websocket}/repair/room-repair.service.js`,
        find: '                return this.pull(feed, need);',
        replace: '                return void feed.jump(need.upTo);',
      },
    ],
  },
  'no-sweep': {
    what: 'the gateway never compares its heads with the log',
    edits: [{ file: `${websocket}/repair/head-sweep.js`, find: '        this.resilience.checkAll();\n', replace: '' }],
  },
  'no-seal': {
    what: 'a month is ended without a seal',
    edits: [
      {
        file: segmentChain,
        find: 'async closeMonth(roomId, tail) {',
        replace:
          'async closeMonth(roomId, tail) {\n        if (tail) return this.push(await this.rooms.read(roomId), tail.head + 1);',
      },
    ],
  },
  'seal-unconfirmed': {
    what: 'the new month is opened before a majority has the seal',
    edits: [
      {
        file: segmentChain,
        find: 'async closeMonth(roomId, tail) {',
        replace:
          'async closeMonth(roomId, tail) {\n        await this.push(await this.rooms.read(roomId), tail.head + 1);',
      },
    ],
  },
  'no-client-id-index': {
    what: 'nothing in MongoDB keeps a client id from being stored twice',
    edits: [
      {
        file: 'storage/dist/documents/message-document.js',
        find: "name: 'client_message_id',\n        unique: true,",
        replace: "name: 'client_message_id',\n        unique: false,",
      },
    ],
  },
  'dedup-from-local-read': {
    what: 'a retry is answered from what only the primary has',
    edits: [
      ...conditions['short-commands'].edits,
      { file: messageStore, find: 'readConcern: { level },', replace: "readConcern: { level: 'local' }," },
    ],
  },
  'empty-is-dead': {
    what: 'a slot that is read empty after a timeout counts as never written',
    edits: [
      ...conditions['short-commands'].edits,
      {
        file: roomLog,
        find: '        this.settleStored(stored);\n        const newest',
        replace:
          "        this.settleStored(stored);\n        for (const send of issued.filter((each) => this.queue.includes(each))) {\n            this.queue.splice(this.queue.indexOf(send), 1);\n            send.issued = false;\n            this.forget(send).fail(new ChatError('DEADLINE_EXCEEDED', { outcome: 'rejected' }));\n        }\n        const newest",
      },
    ],
  },
  'unordered-batch': {
    what: 'several messages of one room go as an unordered insert',
    edits: [
      {
        file: 'storage/dist/slots/insert-slots.js',
        find: '            ordered,\n            writeConcern',
        replace: '            ordered: false,\n            writeConcern',
      },
    ],
  },
  'resume-unbuffered': {
    what: 'events that arrive while a socket is being made ready are not kept for it',
    edits: [{ file: `${websocket}/transport/local-socket.js`, find: 'this.waiting.push(frame);', replace: '' }],
  },
  'previous-before-seal': {
    what: 'a retry is looked for in the old month before that month is sealed',
    edits: [
      {
        file: roomLog,
        find: "import { endOfMonth } from '@parlance/storage';",
        replace: "import { endOfMonth, monthOf } from '@parlance/storage';",
      },
      {
        file: roomLog,
        find: '        this.tail = undefined;\n        await this.chain.closeMonth(this.roomId, tail);',
        replace:
          '        this.tail = undefined;\n        const next = monthOf(this.clock.now());\n        const early = this.queue.filter((send) => send.searchedFor !== next);\n        if (early.length > 0) this.settleStored(await this.chain.findStored(this.roomId, tail.segment, early, false));\n        for (const send of early) send.searchedFor = next;\n        await new Promise((resolve) => setTimeout(resolve, 300));\n        await this.chain.closeMonth(this.roomId, tail);',
      },
    ],
  },
  'change-undecided-anew': {
    what: 'a room is changed as it was decided, whatever has become of it since',
    edits: [roomUncompared],
  },
  'limit-before-the-change': {
    what: 'whether a room is full is looked at before people are let in, not after',
    edits: [
      {
        file: roomDecisions,
        find: 'if (roster.participants.length > limits.participants)',
        replace: 'if (room.roster.participants.length >= limits.participants)',
      },
    ],
  },
  'fields-as-remembered': {
    what: 'a change of some settings writes all of them, as they were when it was decided',
    edits: [
      roomUncompared,
      {
        file: roomDecisions,
        find: 'return { settings, changes:',
        replace: 'return { settings: { metadata, joinRule, historyVisibility }, changes:',
      },
    ],
  },
  'no-heir': {
    what: 'nobody inherits a room from an owner who leaves',
    edits: [{ file: 'storage/dist/rooms/roster.js', find: '=== ownerId) ?? heirOf(roster)', replace: '=== ownerId)' }],
  },
  'receipt-overwritten': {
    what: 'a mark is set to what was reported last',
    edits: [
      {
        file: 'chat-service/dist/features/receipts/mongo-receipt-store.js',
        find: '    if (read > 0)',
        replace: '    if (read >= 0)',
      },
      {
        file: 'chat-service/dist/features/receipts/mongo-receipt-store.js',
        find: '{ ...present, readUpTo: { $lt: readUpTo } }',
        replace: 'present',
      },
    ],
  },
} as const satisfies Record<string, Sabotage>;
