import { Module } from '@nestjs/common';
import type { Logger } from '@parlance/runtime';
import type { GatewayConfig } from '../../config.js';
import { CONFIG, LOGGER, METRICS } from '../../injection-tokens.js';
import type { GatewayMetrics } from '../../metrics.js';
import { clientAddress } from '../limits/client-address.js';
import { LimitsModule } from '../limits/limits.module.js';
import { RateLimits } from '../limits/rate-limits.js';
import { Admission } from '../websocket/sessions/admission.js';
import { HANDSHAKE_RULES, type HandshakeRules } from '../websocket/sessions/handshake-rules.js';
import { RevocationTable } from './revocations/revocation-table.js';
import { TokenCheck } from './revocations/token-check.js';
import { DevTokenService } from './tokens/dev-token.service.js';
import { JwtVerifier } from './tokens/jwt-verifier.js';
import { PublishedKeys } from './tokens/published-keys.js';

/** Tokens and who may connect. */
@Module({
  imports: [LimitsModule],
  providers: [
    { provide: JwtVerifier, inject: [CONFIG, LOGGER, METRICS], useFactory: createVerifier },
    { provide: RevocationTable, useFactory: () => new RevocationTable() },
    {
      provide: TokenCheck,
      inject: [JwtVerifier, RevocationTable],
      useFactory: (verifier: JwtVerifier, table: RevocationTable) => new TokenCheck(verifier, table),
    },
    { provide: DevTokenService, inject: [CONFIG], useFactory: createDevTokens },
    { provide: HANDSHAKE_RULES, inject: [CONFIG, Admission, RateLimits], useFactory: createRules },
    { provide: Admission, useFactory: () => new Admission() },
  ],
  exports: [LimitsModule, RevocationTable, TokenCheck, DevTokenService, HANDSHAKE_RULES],
})
export class AuthModule {}

function createVerifier(config: GatewayConfig, logger: Logger, metrics: GatewayMetrics): JwtVerifier {
  const { jwtSecrets: secrets, jwtIssuer: issuer, jwtAudience: audience, jwtUserClaim: userClaim } = config;
  const keys =
    secrets === undefined
      ? ({ kind: 'jwks', keys: createPublishedKeys(config, logger, metrics) } as const)
      : ({ kind: 'secrets', secrets } as const);
  return new JwtVerifier({ keys, issuer, audience, userClaim });
}

/** Reads the keys at once: their server may be away when the first token comes. */
function createPublishedKeys(config: GatewayConfig, logger: Logger, metrics: GatewayMetrics): PublishedKeys {
  const keys = new PublishedKeys({
    url: config.jwtJwksUrl ?? '',
    keepForMs: config.jwtJwksKeepMs,
    logger,
    count: (result) => metrics.keyReadings.inc({ result }),
  });
  metrics.watch({ jwks_age_seconds: () => (keys.ageMs ?? 0) / 1_000 });
  void keys.refresh();
  return keys;
}

function createDevTokens(config: GatewayConfig): DevTokenService {
  const { devTokens, jwtSecrets, jwtIssuer: issuer, jwtAudience: audience, jwtUserClaim: userClaim } = config;
  const secret = devTokens ? jwtSecrets?.[0] : undefined;
  return new DevTokenService(secret === undefined ? undefined : { secret, issuer, audience, userClaim });
}

function createRules(config: GatewayConfig, admission: Admission, limits: RateLimits): HandshakeRules {
  const { allowedOrigins, authTimeoutMs, maxConnections, maxConnectionsPerUser, trustProxyHops } = config;
  return {
    allowedOrigins,
    authTimeoutMs,
    most: { ofUser: maxConnectionsPerUser, ofAll: maxConnections },
    take: (remote, forwardedFor) =>
      limits.take('handshakesOfAddress', clientAddress(remote, forwardedFor, trustProxyHops)),
    isDraining: () => admission.isClosed,
  };
}
