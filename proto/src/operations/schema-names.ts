import type { z } from 'zod';
import * as answer from './entities/answer.js';
import * as failure from './entities/failure.js';
import * as ids from './entities/ids.js';
import * as message from './entities/message.js';
import * as month from './entities/month.js';
import * as receipt from './entities/receipt.js';
import * as resumedRoom from './entities/resumed-room.js';
import * as room from './entities/room.js';
import * as roomEvent from './entities/room-event.js';
import * as token from './entities/token.js';
import * as messages from './messages.js';
import * as months from './months.js';
import { operationList } from './operations.js';
import * as participants from './participants.js';
import * as receipts from './receipts.js';
import * as rooms from './rooms.js';
import * as serverEvents from './server-events.js';
import * as session from './session.js';

const entities = {
  ...ids,
  ...message,
  ...room,
  ...failure,
  ...roomEvent,
  ...resumedRoom,
  ...receipt,
  ...token,
  ...month,
  ...answer,
};
const nouns = { ...rooms, ...participants, ...messages, ...receipts, ...session, ...months, ...serverEvents };

/**
 * Every schema that has a name in the documents, by that name: what is exported under a name with a capital, and the payload of
 * each operation under the name of the operation.
 */
export const namedSchemas: Readonly<Record<string, z.ZodType>> = nameAll();

function nameAll(): Record<string, z.ZodType> {
  const exported = Object.entries({ ...entities, ...nouns }).filter(([name]) => /^[A-Z]/.test(name));
  const named = new Map(exported.map(([name, schema]) => [schema as z.ZodType, name]));
  for (const { name, payload } of operationList) {
    if (!named.has(payload)) named.set(payload, `${capitalised(name)}Payload`);
  }
  return Object.fromEntries([...named].map(([schema, name]) => [name, schema]));
}

/** The text with a capital. */
export function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
