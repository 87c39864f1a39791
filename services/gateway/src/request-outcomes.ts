import { type ErrorReason, errorReasons } from '@parlance/proto';
import { calledOperations, commonErrors, operationList } from '@parlance/proto/operations';

/** Every kind of request with every code that it may be answered with; all at once, of what clients can ask for. */
export const requestOutcomes: readonly RequestOutcome[] = [
  ...of('connect', [...commonErrors, 'UNAUTHENTICATED', 'TOKEN_EXPIRED', 'ORIGIN_NOT_ALLOWED', 'TOO_MANY_CONNECTIONS']),
  ...of('unknown', ['INVALID_MESSAGE', 'RATE_LIMITED', 'SHUTTING_DOWN'], []),
  ...operationList.flatMap(({ name, event, errors }) =>
    event ? of(name, [...commonErrors, 'MESSAGE_TOO_LARGE', ...errors]) : [],
  ),
  ...of('http unknown', [...commonErrors, 'MESSAGE_TOO_LARGE', 'ORIGIN_NOT_ALLOWED'], []),
  ...calledOperations.flatMap(({ name, http, errors }) =>
    http
      ? of(`http ${name}`, [
          ...commonErrors,
          'UNAUTHENTICATED',
          'TOKEN_EXPIRED',
          ...(http.scope ? (['PERMISSION_DENIED'] as const) : []),
          ...errors,
        ])
      : [],
  ),
];

/** Every kind of request, once. */
export const requestEvents: readonly string[] = [...new Set(requestOutcomes.map(({ event }) => event))];

/** An answered request. */
export interface RequestOutcome extends Record<string, string> {
  /** A client event, `connect` (handshakes), `http <operation>`, or `unknown`, of HTTP `http unknown`. */
  readonly event: string;
  /** `OK` or an error code. */
  readonly code: string;
}

function of(
  event: string,
  errors: readonly ErrorReason[],
  good: readonly string[] = ['OK'],
): readonly RequestOutcome[] {
  const codes = errorReasons.filter((reason) => errors.includes(reason));
  return [...good, ...codes].map((code) => ({ event, code }));
}
