import { RevocationTable } from '../features/auth/revocations/revocation-table.js';
import { TokenCheck } from '../features/auth/revocations/token-check.js';
import { Callers } from '../features/auth/tokens/caller.js';
import { DevTokenService } from '../features/auth/tokens/dev-token.service.js';
import { JwtVerifier } from '../features/auth/tokens/jwt-verifier.js';
import { PublishedKeys } from '../features/auth/tokens/published-keys.js';
import type { AssemblyParts } from './gateway-parts.js';

/** Whom tokens speak for. */
export function assembleTokens(parts: AssemblyParts) {
  const { config, clock } = parts;
  const { jwtSecrets: secrets, jwtIssuer: issuer, jwtAudience: audience, jwtUserClaim: userClaim } = config;
  const { now } = clock;
  const keys =
    secrets === undefined
      ? ({ kind: 'jwks', keys: publishedKeys(parts) } as const)
      : ({ kind: 'secrets', secrets } as const);
  const revocations = new RevocationTable();
  const secret = config.devTokens ? secrets?.[0] : undefined;
  return {
    revocations,
    tokens: new TokenCheck(new JwtVerifier({ keys, issuer, audience, userClaim, now }), revocations),
    callers: new Callers(config.requestTimeoutMs, now),
    devTokens: secret === undefined ? undefined : new DevTokenService({ secret, issuer, audience, userClaim, now }),
  };
}

/** Reads the keys at once: their server may be away when the first token comes. */
function publishedKeys({ config, logger, metrics, clock }: AssemblyParts): PublishedKeys {
  const keys = new PublishedKeys({
    url: config.jwtJwksUrl ?? '',
    keepForMs: config.jwtJwksKeepMs,
    logger,
    count: (result) => metrics.keyReadings.inc({ result }),
    now: clock.now,
  });
  metrics.keysAgeSeconds.readBy(() => (keys.ageMs ?? 0) / 1_000);
  metrics.keysKeptUntil.readBy(() => (keys.goodUntil ?? 0) / 1_000);
  metrics.keysKnown.readBy(() => keys.count);
  void keys.refresh();
  return keys;
}
