import { type ErrorReason, errorReasons } from '@parlance/proto';
import { type CallName, calledOperations, calls, commonErrors } from '@parlance/proto/operations';

/** Every call with every code that it may be answered with; without the service credential it is nobody's: `any`. */
export const callOutcomes: readonly CallOutcome[] = [
  { operation: 'any', code: 'UNAUTHENTICATED' },
  ...(Object.keys(calls) as CallName[]).flatMap((operation) => {
    const errors: readonly ErrorReason[] = [...commonErrors, ...errorsOf(operation)];
    return ['OK', ...errorReasons.filter((reason) => errors.includes(reason))].map((code) => ({ operation, code }));
  }),
];

/** All calls, and `any`. */
export interface CallOutcome extends Record<string, string> {
  readonly operation: string;
  /** `OK` or an error code. */
  readonly code: string;
}

/** Calls that no client asks for are about rooms that may not be there, or not be theirs. */
function errorsOf(operation: CallName): readonly ErrorReason[] {
  const asked = calledOperations.filter(({ call }) => call.name === operation).flatMap(({ errors }) => errors);
  return asked.length > 0 ? asked : ['ROOM_NOT_FOUND', 'NOT_A_PARTICIPANT'];
}
