import { ChatError } from '@parlance/proto';
import { errors } from 'jose';

/**
 * What a bearer is told of a token that jose has refused: the reason, and which setting or claim mends it. Claims are
 * judged only after the signature, so nobody without a genuine token learns what a gateway expects of one. Never the token
 * or a part of it, and nothing of whether a user exists. Pure.
 *
 * @returns TOKEN_EXPIRED or UNAUTHENTICATED with a text; `thrown` itself when it is a ChatError; without a reason that is
 *   known, UNAUTHENTICATED with the text of the table.
 */
export function tokenRefusal(thrown: unknown, expected: ExpectedToken): ChatError {
  if (thrown instanceof ChatError) return thrown;
  if (thrown instanceof errors.JWTExpired) return new ChatError('TOKEN_EXPIRED');
  const message = faultOf(thrown, expected);
  return new ChatError('UNAUTHENTICATED', { cause: thrown, ...(message === undefined ? {} : { message }) });
}

/** Of a genuine token whose user has had all tokens until then revoked. */
export function revokedToken(): ChatError {
  return new ChatError('UNAUTHENTICATED', { message: 'The token was revoked; get a new one.' });
}

/** What a gateway takes. */
export interface ExpectedToken {
  readonly issuer: string;
  readonly audience: string;
  /** Names of signature algorithms, RFC 7518. */
  readonly algorithms: readonly string[];
}

function faultOf(thrown: unknown, { issuer, audience, algorithms }: ExpectedToken): string | undefined {
  if (thrown instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason } = thrown;
    const asked = { iss: ` ${issuer} (JWT_ISSUER)`, aud: ` ${audience} (JWT_AUDIENCE)` }[claim] ?? '';
    if (reason === 'missing') return `The token has no claim ${claim}${asked && `: it has to name${asked}`}.`;
    if (asked !== '') return `The token's claim ${claim} does not name${asked}.`;
    if (claim === 'nbf' && reason === 'check_failed')
      return 'The token is not valid yet: its claim nbf is in the future by the clock of this server.';
    return `The token's claim ${claim} has another form: it is a number, Unix seconds.`;
  }
  if (thrown instanceof errors.JOSEAlgNotAllowed)
    return `The token's algorithm is not taken; sign with ${algorithms.join(', ')}.`;
  if (thrown instanceof errors.JWSSignatureVerificationFailed)
    return "The token's signature does not fit: it was made with another key, or the token was changed.";
  if (thrown instanceof errors.JWKSNoMatchingKey || thrown instanceof errors.JWKSMultipleMatchingKeys)
    return "No published key is the token's: its header names by kid and alg one of those at JWT_JWKS_URL.";
  if (thrown instanceof errors.JWSInvalid || thrown instanceof errors.JWTInvalid)
    return 'The token is no signed JWT: that is three parts in base64url with dots between them.';
  return undefined;
}
