import { authorityExpiry, chainExpiry, extraAuthorityExpiry, type GrpcTlsConfig } from '@parlance/runtime';

/** When the certificates expire that this process has in use, Unix seconds; undefined where none is configured. Reads their files. */
export function certificatesInUse({ grpcTlsCertFile, grpcTlsCaFile }: GrpcTlsConfig) {
  return {
    grpc: chainExpiry(grpcTlsCertFile),
    'grpc-authority': authorityExpiry(grpcTlsCaFile),
    'extra-authority': extraAuthorityExpiry(),
  };
}
