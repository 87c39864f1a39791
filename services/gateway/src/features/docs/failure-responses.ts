import { type ErrorReason, errorReasons, errorTable } from '@parlance/proto';
import { commonErrors, examples, Failure, type OperationDefinition } from '@parlance/proto/operations';
import { refTo } from './document-schemas.js';

/** Name of the response of each status below 500, as in RFC 9110, section 15.5. */
const nameOfStatus: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  413: 'ContentTooLarge',
  429: 'TooManyRequests',
};

/** The failures as responses of the OpenAPI document, one a status with an example of each code, from the one table of errors. */
export const failureResponses: Readonly<Record<string, object>> = Object.fromEntries([
  ...Object.entries(nameOfStatus).map(([status, name]) => [name, responseOf(reasonsOf(Number(status)))]),
  ['Failed', responseOf(errorReasons.filter((reason) => errorTable[reason].httpStatus >= 500))],
]);

/** The failures that an operation can be answered with, by status; `default` stands for those of 500 and above. Pure. */
export function responsesOf(
  { errors, http }: Pick<OperationDefinition, 'errors' | 'http'>,
  hasBody: boolean,
): Record<string, { $ref: string }> {
  const reasons = [
    ...commonErrors,
    'ORIGIN_NOT_ALLOWED' as const,
    ...(http?.isOpen ? [] : ['UNAUTHENTICATED' as const]),
    ...(hasBody ? ['MESSAGE_TOO_LARGE' as const] : []),
    ...errors,
  ];
  const statuses = [...reasons.map((reason) => errorTable[reason].httpStatus), ...(http?.isOptional ? [404] : [])];
  const named = Object.entries(nameOfStatus).filter(([status]) => statuses.includes(Number(status)));
  return Object.fromEntries([...named, ['default', 'Failed']].map(([status, name]) => [status, refOf(name)]));
}

function refOf(name: string | undefined) {
  return { $ref: `#/components/responses/${name}` };
}

function reasonsOf(status: number): readonly ErrorReason[] {
  return errorReasons.filter((reason) => errorTable[reason].httpStatus === status);
}

function responseOf(reasons: readonly ErrorReason[]) {
  const shown = Object.fromEntries(reasons.map((reason) => [reason, { value: failureOf(reason) }]));
  const isLater = reasons.includes('RATE_LIMITED');
  return {
    description: reasons.map((reason) => `${reason}: ${errorTable[reason].text}`).join('\n'),
    ...(isLater && { headers: { 'Retry-After': { schema: { type: 'integer' }, description: 'Whole seconds.' } } }),
    content: { 'application/json': { schema: refTo(Failure), examples: shown } },
  };
}

function failureOf(code: ErrorReason) {
  const { text: message, retryable, outcome } = errorTable[code];
  const error = { code, message, retryable, outcome: outcome === 'rejected' ? 'rejected' : 'unknown' };
  return { success: false, error, timestamp: examples.time };
}
