import { readFileSync } from 'node:fs';
import { ServerCredentials } from '@grpc/grpc-js';
import type { GrpcTlsConfig } from '@parlance/runtime';

/**
 * TLS that demands a certificate of the same authority from every caller where files are given, else none. The files are read
 * once. Throws when one cannot be read or is not what it should be.
 */
export function serverCredentials(config: GrpcTlsConfig): ServerCredentials {
  const { grpcTlsCaFile: ca, grpcTlsCertFile: cert, grpcTlsKeyFile: key } = config;
  if (ca === undefined || cert === undefined || key === undefined) return ServerCredentials.createInsecure();
  const pair = { private_key: readFileSync(key), cert_chain: readFileSync(cert) };
  return ServerCredentials.createSsl(readFileSync(ca), [pair], true);
}
