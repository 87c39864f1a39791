import { ChatError } from '@parlance/proto';
import { operations } from '@parlance/proto/operations';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { validate } from './validate.js';

const {
  createRoom: { payload: createRoomDto },
  getHistory: { payload: getHistoryDto },
  joinRoom: { payload: joinRoomDto },
  listRooms: { payload: listRoomsDto },
  messageRead: { payload: receiptDto },
  refreshToken: { payload: refreshTokenDto },
  resume: { payload: resumeDto },
  sendMessage: { payload: sendMessageDto },
  updateRoom: { payload: updateRoomDto },
} = operations;

const message = { roomId: 'r1', content: 'hello' };
const attachment = { objectId: 'o1', name: 'cat.png', mimeType: 'image/png', sizeBytes: 10 };
const secret = 'do-not-echo-me';

describe('sendMessage', () => {
  it('fills in what is left out', () => {
    expect(validate(sendMessageDto, message)).toEqual({ ...message, messageType: 'text' });
  });

  it('takes metadata as its JSON text', () => {
    const metadata = { color: 'red', $set: { a: [1, null] } };
    expect(validate(sendMessageDto, { ...message, metadata }).metadata).toEqual({
      json: JSON.stringify(metadata),
      attachments: 0,
    });
  });

  it('lets an image do without content', () => {
    const image = { roomId: 'r1', content: '', messageType: 'image', metadata: { attachments: [attachment] } };
    expect(validate(sendMessageDto, image).metadata?.attachments).toBe(1);
  });

  it('takes 16 KiB of UTF-8 and not a byte more', () => {
    expect(validate(sendMessageDto, { ...message, content: 'ä'.repeat(8_192) })).toBeTruthy();
    expect(reasonOf(sendMessageDto, { ...message, content: `${'ä'.repeat(8_192)}a` })).toBe('MESSAGE_TOO_LARGE');
  });

  it('takes 8 KiB of metadata and not a byte more', () => {
    const padding = 8_192 - '{"a":""}'.length;
    expect(validate(sendMessageDto, { ...message, metadata: { a: 'x'.repeat(padding) } })).toBeTruthy();
    expect(reasonOf(sendMessageDto, { ...message, metadata: { a: 'x'.repeat(padding + 1) } })).toBe(
      'MESSAGE_TOO_LARGE',
    );
  });

  it('takes every character as it is', () => {
    const content = '\u0000\u0001\ufeff\ufffd\uffff\u2028\r\n\u{1f600}\u{10ffff}';
    const metadata = JSON.parse(`{"__proto__":{"a":1},"constructor":2,"":3,"\u{1f600}":-9007199254740991.0}`);
    const { metadata: taken, ...rest } = validate(sendMessageDto, { ...message, content, metadata });
    expect(rest.content).toBe(content);
    expect(taken?.json).toBe(`{"__proto__":{"a":1},"constructor":2,"":3,"\u{1f600}":-9007199254740991}`);
  });

  it('survives metadata nested a hundred thousand levels deep', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(reasonOf(sendMessageDto, { ...message, metadata: { deep } })).toBe('INVALID_MESSAGE');
  });
});

describe('getHistory', () => {
  it('reads a date in either form as Unix milliseconds', () => {
    expect(validate(getHistoryDto, { roomId: 'r', fromDate: 0 }).fromDate).toBe(0);
    expect(validate(getHistoryDto, { roomId: 'r', fromDate: 1_795_348_800_000 }).fromDate).toBe(1_795_348_800_000);
    expect(validate(getHistoryDto, { roomId: 'r', fromDate: '2026-01-01' }).fromDate).toBe(Date.UTC(2026, 0, 1));
    expect(validate(getHistoryDto, { roomId: 'r', fromDate: '2026-01-01T01:00:00+01:00' }).fromDate).toBe(
      Date.UTC(2026, 0, 1),
    );
  });
});

/** Text that UTF-8 cannot say: every store and every transport would make something else of it. */
const halves = {
  'half a character': '\ud83d',
  'half a character at the end of a long text': `${'x'.repeat(100)}\ud83d`,
  'two halves in the wrong order': '\ude00\ud83d',
};

const wrongEverywhere: unknown[] = [undefined, null, true, 1, secret, [], [message], Buffer.from(secret), new Map()];

const wrong: [string, z.ZodType, unknown][] = [
  ...wrongEverywhere.map((payload): [string, z.ZodType, unknown] => [
    'a payload that is no object',
    sendMessageDto,
    payload,
  ]),
  ...[
    undefined,
    null,
    1,
    '',
    'a b',
    'r{1}',
    'r\n',
    'é',
    'a'.repeat(129),
    { $ne: null },
    [secret],
    Buffer.from('r1'),
  ].map((roomId): [string, z.ZodType, unknown] => ['a wrong roomId', joinRoomDto, { roomId }]),
  ...[undefined, null, 1, {}, { $gt: '' }, [secret], Buffer.from(secret), ''].map(
    (content): [string, z.ZodType, unknown] => ['wrong content', sendMessageDto, { ...message, content }],
  ),
  ['an unknown field', sendMessageDto, { ...message, senderId: secret }],
  ['a prototype as a field', sendMessageDto, JSON.parse(`{"roomId":"r1","content":"x","__proto__":{"a":"${secret}"}}`)],
  ['an unknown type', sendMessageDto, { ...message, messageType: secret }],
  ['a null type', sendMessageDto, { ...message, messageType: null }],
  ['an empty clientMessageId', sendMessageDto, { ...message, clientMessageId: '' }],
  ['metadata that is no object', sendMessageDto, { ...message, metadata: [secret] }],
  ['metadata that is a buffer', sendMessageDto, { ...message, metadata: Buffer.from(secret) }],
  ['a buffer deep in metadata', sendMessageDto, { ...message, metadata: { a: [{ b: Buffer.from(secret) }] } }],
  ['a number out of range', sendMessageDto, { ...message, metadata: { a: Number.POSITIVE_INFINITY } }],
  ['an image without attachments', sendMessageDto, { ...message, messageType: 'image' }],
  ['no content and no attachment', sendMessageDto, { roomId: 'r1', content: '', metadata: {} }],
  [
    'eleven attachments',
    sendMessageDto,
    { ...message, metadata: { attachments: Array.from({ length: 11 }, () => attachment) } },
  ],
  [
    'an attachment with an unknown field',
    sendMessageDto,
    { ...message, metadata: { attachments: [{ ...attachment, url: secret }] } },
  ],
  [
    'an attachment of negative size',
    sendMessageDto,
    { ...message, metadata: { attachments: [{ ...attachment, sizeBytes: -1 }] } },
  ],
  ['attachments that are no list', sendMessageDto, { ...message, metadata: { attachments: secret } }],
  ...[0, -1, 201, 1.5, '50', null, Number.NaN].map((limit): [string, z.ZodType, unknown] => [
    'a wrong limit',
    getHistoryDto,
    { roomId: 'r', limit },
  ]),
  ...[-1, 1.5, '1', null, 2 ** 53].map((beforeId): [string, z.ZodType, unknown] => [
    'a wrong id',
    getHistoryDto,
    { roomId: 'r', beforeId },
  ]),
  ...[
    'yesterday',
    '2026-13-01',
    '2026-02-30',
    '1969-12-31',
    '0000-01-01',
    -1,
    {},
    // Seconds, a year, a date in digits, microseconds: numbers that are no Unix milliseconds.
    1_795_348_800,
    2026,
    20_261_101,
    1_795_348_800_000_000,
    Number.MAX_SAFE_INTEGER,
  ].map((fromDate): [string, z.ZodType, unknown] => ['a wrong date', getHistoryDto, { roomId: 'r', fromDate }]),
  ...Object.entries(halves).flatMap(([what, half]): [string, z.ZodType, unknown][] => [
    [`content with ${what}`, sendMessageDto, { ...message, content: half }],
    [`metadata with ${what}`, sendMessageDto, { ...message, metadata: { a: [half] } }],
    [`a key of metadata with ${what}`, sendMessageDto, { ...message, metadata: { a: { [half]: 1 } } }],
    [
      `an attachment's name with ${what}`,
      sendMessageDto,
      { ...message, metadata: { attachments: [{ ...attachment, name: half }] } },
    ],
    ...['name', 'description', 'avatar'].map((field): [string, z.ZodType, unknown] => [
      `a room's ${field} with ${what}`,
      createRoomDto,
      { roomType: 'group', participants: [], metadata: { [field]: half } },
    ]),
    [`a new name with ${what}`, updateRoomDto, { roomId: 'r', metadata: { name: half } }],
    [`a cursor with ${what}`, listRoomsDto, { cursor: half }],
    [`a token with ${what}`, refreshTokenDto, { token: half }],
  ]),
  ...['9007199254740993', '-9007199254740992', '1e21', '123456789012345678901234567890', '1e400'].map(
    (number): [string, z.ZodType, unknown] => [
      `the number ${number} in metadata`,
      sendMessageDto,
      { ...message, metadata: { a: [JSON.parse(number) as number] } },
    ],
  ),
  ['an id beyond 2^53', receiptDto, JSON.parse('{"roomId":"r","messageId":9007199254740993}')],
  ['a fraction as an id', receiptDto, { roomId: 'r', messageId: 1.5 }],
  ['a position beyond 2^53', resumeDto, JSON.parse('{"rooms":{"r":9007199254740993}}')],
  ['a room called __proto__ in an object', resumeDto, JSON.parse('{"rooms":{"__proto__":1}}')],
  ['a 1v1 that is to have a name', createRoomDto, { roomType: '1v1', participants: ['ben'], metadata: { name: 'x' } }],
  ['a 1v1 that is to be open', createRoomDto, { roomType: '1v1', participants: ['ben'], joinRule: 'open' }],
  ['a 1v1 that hides its past', createRoomDto, { roomType: '1v1', participants: ['ben'], historyVisibility: 'joined' }],
  ['two positions at once', getHistoryDto, { roomId: 'r', beforeId: 1, afterId: 1 }],
  ['a cursor that is no text', listRoomsDto, { cursor: { $gt: '' } }],
  ['a cursor without end', listRoomsDto, { cursor: 'x'.repeat(513) }],
  ['an unknown room type', createRoomDto, { roomType: 'channel', participants: [] }],
  ['participants that are no list', createRoomDto, { roomType: 'group', participants: 'ann' }],
  ['a participant with a brace', createRoomDto, { roomType: 'group', participants: ['{ann}'] }],
  [
    'too many participants',
    createRoomDto,
    { roomType: 'group', participants: Array.from({ length: 1_001 }, (_, index) => `u${index}`) },
  ],
  ['an unknown join rule', createRoomDto, { roomType: 'group', participants: [], joinRule: secret }],
  ['unknown room metadata', createRoomDto, { roomType: 'group', participants: [], metadata: { color: secret } }],
  [
    'a name that is too long',
    createRoomDto,
    { roomType: 'group', participants: [], metadata: { name: 'x'.repeat(201) } },
  ],
];

describe('validate', () => {
  it.each(wrong)('refuses %s with a text that does not repeat it', (_what, schema, payload) => {
    const error = errorOf(schema, payload);
    expect(error.reason).toBe('INVALID_MESSAGE');
    expect(error.message).not.toContain(secret);
    expect(error.message.length).toBeLessThan(200);
  });

  it('names the field and the rule', () => {
    expect(errorOf(joinRoomDto, { roomId: '{}' }).message).toBe(
      'roomId: must be 1 to 128 letters, digits or any of _ . : -.',
    );
    expect(errorOf(joinRoomDto, { roomId: 'r', extra: 1 }).message).toBe('The payload: unknown field extra.');
  });

  it.each<[what: string, schema: z.ZodType, payload: object, text: string]>([
    [
      'a name in other letters',
      joinRoomDto,
      { roomid: 'r' },
      'The payload: unknown field roomid: did you mean roomId?',
    ],
    ['a name with a bar', joinRoomDto, { room_id: 'r' }, 'The payload: unknown field room_id: did you mean roomId?'],
    ['two letters swapped', joinRoomDto, { romoId: 'r' }, 'The payload: unknown field romoId: did you mean roomId?'],
    [
      'a letter too many, behind fields that are right',
      sendMessageDto,
      { roomId: 'r', contentt: 'x' },
      'The payload: unknown field contentt: did you mean content?',
    ],
    [
      'the end of a name',
      createRoomDto,
      { type: 'group', participants: [] },
      'The payload: unknown field type: did you mean roomType?',
    ],
    [
      'a field that belongs into another',
      createRoomDto,
      { roomType: 'group', participants: [], name: 'Tea' },
      'The payload: unknown field name: its place is metadata.name.',
    ],
    [
      'a field that belongs beside another',
      updateRoomDto,
      { roomId: 'r', metadata: { joinRule: 'open' } },
      'metadata: unknown field joinRule: joinRule stands beside metadata.',
    ],
    [
      'a misspelt field of a field',
      updateRoomDto,
      { roomId: 'r', metadata: { Name: 'Tea' } },
      'metadata: unknown field Name: did you mean name?',
    ],
    [
      'one of several unknown ones',
      joinRoomDto,
      { zebra: 1, roomID: 'r' },
      'The payload: unknown field roomID: did you mean roomId?',
    ],
  ])('names the likely place of an unknown field: %s', (_what, schema, payload, text) => {
    expect(errorOf(schema, payload).message).toBe(text);
  });

  it.each<[what: string, schema: z.ZodType, payload: object, text: string]>([
    ['what is given already', joinRoomDto, { roomId: 'r', roomid: 'r' }, 'The payload: unknown field roomid.'],
    ['what is not near', joinRoomDto, { roomId: 'r', id: 'r' }, 'The payload: unknown field id.'],
    ['one of two ends', sendMessageDto, { roomId: 'r', content: 'x', Id: '1' }, 'The payload: unknown field Id.'],
  ])('does not guess %s', (_what, schema, payload, text) => {
    expect(errorOf(schema, payload).message).toBe(text);
  });

  it('does not repeat an unknown field that is no plain name', () => {
    expect(errorOf(joinRoomDto, { roomId: 'r', [`<${secret}>`]: 1 }).message).toBe('The payload: unknown field.');
  });
});

function errorOf(schema: z.ZodType, payload: unknown): ChatError {
  try {
    validate(schema, payload);
  } catch (thrown) {
    if (thrown instanceof ChatError) return thrown;
    throw thrown;
  }
  throw new Error('the payload was accepted');
}

function reasonOf(schema: z.ZodType, payload: unknown): string {
  return errorOf(schema, payload).reason;
}
