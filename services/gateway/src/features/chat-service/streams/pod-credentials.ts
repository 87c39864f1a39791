import { readFileSync } from 'node:fs';
import { type ChannelCredentials, type ChannelOptions, credentials } from '@grpc/grpc-js';
import type { GrpcTlsConfig } from '@parlance/runtime';

/**
 * How the gateway and a chat service know each other on the connection: by mutual TLS where files are given, else not at
 * all. Pods are reached by addresses, which no certificate carries, so all of them show one name, `grpcTlsServerName`.
 * The files are read once. Throws when one cannot be read or is not what it should be.
 */
export function podCredentials(config: PodTlsConfig): PodCredentials {
  const { grpcTlsCaFile: ca, grpcTlsCertFile: cert, grpcTlsKeyFile: key, grpcTlsServerName: name } = config;
  if (ca === undefined || cert === undefined || key === undefined) {
    return { channel: credentials.createInsecure(), options: {} };
  }
  return {
    channel: credentials.createSsl(readFileSync(ca), readFileSync(key), readFileSync(cert)),
    options: { 'grpc.ssl_target_name_override': name, 'grpc.default_authority': name },
  };
}

/** Where the files are, and the name in the certificates of chat services. */
export interface PodTlsConfig extends GrpcTlsConfig {
  readonly grpcTlsServerName: string;
}

/** For every channel to a chat service. */
export interface PodCredentials {
  readonly channel: ChannelCredentials;
  readonly options: ChannelOptions;
}
