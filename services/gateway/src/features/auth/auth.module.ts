import { Module } from '@nestjs/common';
import type { GatewayConfig } from '../../config.js';
import { CONFIG } from '../../tokens.js';
import { clientAddress } from '../limits/client-address.js';
import { LimitsModule } from '../limits/limits.module.js';
import { RateLimits } from '../limits/rate-limits.js';
import { Admission } from './admission.js';
import { DevTokenService } from './dev-token.service.js';
import { HANDSHAKE_RULES, type HandshakeRules } from './handshake-rules.js';
import { JwtVerifier } from './jwt-verifier.js';
import { RevocationTable } from './revocation-table.js';
import { TokenCheck } from './token-check.js';

/** Tokens and who may connect. */
@Module({
  imports: [LimitsModule],
  providers: [
    { provide: JwtVerifier, inject: [CONFIG], useFactory: createVerifier },
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

function createVerifier({ jwtSecrets, jwtJwksUrl, jwtIssuer, jwtAudience }: GatewayConfig): JwtVerifier {
  const keys =
    jwtSecrets === undefined
      ? ({ kind: 'jwks', url: jwtJwksUrl ?? '' } as const)
      : ({ kind: 'secrets', secrets: jwtSecrets } as const);
  return new JwtVerifier({ keys, issuer: jwtIssuer, audience: jwtAudience });
}

function createDevTokens({ devTokens, jwtSecrets, jwtIssuer, jwtAudience }: GatewayConfig): DevTokenService {
  return new DevTokenService(
    devTokens && jwtSecrets !== undefined
      ? { secret: jwtSecrets[0], issuer: jwtIssuer, audience: jwtAudience }
      : undefined,
  );
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
