import type { z } from 'zod';
import type { CallName, CallTraits } from './call.js';
import type { OperationCall, OperationDefinition } from './define-operation.js';
import { gatewayCalls } from './gateway-calls.js';
import { messages } from './messages.js';
import { months } from './months.js';
import { participants } from './participants.js';
import { receipts } from './receipts.js';
import { rooms } from './rooms.js';
import { session } from './session.js';

/** Everything that a client can ask for, by its name. */
export const operations = { ...rooms, ...participants, ...messages, ...receipts, ...session, ...months } as const;

/** Name of an operation: that of its socket event, and its id in the OpenAPI document. */
export type OperationName = keyof typeof operations;

/** What an operation takes, checked. */
export type PayloadOf<Name extends OperationName> = z.output<(typeof operations)[Name]['payload']>;

/** Operations that the chat service does. */
export type CalledOperation = {
  [Name in OperationName]: (typeof operations)[Name] extends { readonly call: object } ? Name : never;
}[OperationName];

/** Name of the call that does an operation. */
export type CallOf<Name extends CalledOperation> = Name extends CalledOperation
  ? (typeof operations)[Name]['call'] extends { readonly name: infer Call extends CallName }
    ? Call
    : Name & CallName
  : never;

/** All operations, one after the other. */
export const operationList: readonly NamedOperation[] = Object.entries<OperationDefinition>(operations).map(
  ([name, definition]) => ({ ...definition, name: name as OperationName }),
);

/** An operation and its name. */
export interface NamedOperation extends OperationDefinition {
  readonly name: OperationName;
}

/** Those that the chat service does, each with the name of its call. */
export const calledOperations: readonly CalledDefinition[] = operationList.flatMap(({ name, call, ...definition }) =>
  call ? [{ ...definition, name, call: { name, ...call } } as CalledDefinition] : [],
);

/** An operation that the chat service does. */
export interface CalledDefinition extends NamedOperation {
  readonly name: CalledOperation;
  readonly call: OperationCall & { readonly name: CallName };
}

/** The traits of every call of `chat.v1`: the build fails when there is one that no definition has. */
export const calls: Readonly<Record<CallName, CallTraits>> = Object.fromEntries<CallTraits>([
  ...Object.entries(gatewayCalls),
  ...calledOperations.map(({ call }) => [call.name, call] as const),
]) as Readonly<Record<keyof typeof gatewayCalls | CallOf<CalledOperation>, CallTraits>>;
