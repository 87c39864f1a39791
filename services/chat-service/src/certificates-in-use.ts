import { authorityExpiry, chainExpiry, extraAuthorityExpiry, type GrpcTlsConfig } from '@parlance/runtime';

/** When the certificates expire that this process has in use, Unix seconds; undefined where none is configured. Reads their files. */
export function certificatesInUse({ grpcTlsCertFile, grpcTlsCaFile, mongoUri }: CertificateConfig) {
  // The driver's options (https://www.mongodb.com/docs/manual/reference/connection-string-options/#tls-options).
  const options = new URLSearchParams(mongoUri.split('?')[1]);
  return {
    grpc: chainExpiry(grpcTlsCertFile),
    'grpc-authority': authorityExpiry(grpcTlsCaFile),
    mongodb: chainExpiry(options.get('tlsCertificateKeyFile') ?? undefined),
    'mongodb-authority': authorityExpiry(options.get('tlsCAFile') ?? undefined),
    'extra-authority': extraAuthorityExpiry(),
  };
}

/** Where the files are. */
export type CertificateConfig = GrpcTlsConfig & { readonly mongoUri: string };
