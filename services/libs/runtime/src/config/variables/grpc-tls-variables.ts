import type { ConfigFault } from '../declaration/define-config.js';
import { variable } from '../declaration/variable.js';
import { pemFile } from '../values/pem-file.js';

/** Variables of a deployable that speaks gRPC with another one; spread them into `defineConfig`, with {@link grpcTlsIsComplete} as a rule. */
export const grpcTlsVariables = {
  grpcTlsCaFile: variable({
    env: 'GRPC_TLS_CA_FILE',
    doc: 'Path of the certificates (PEM) of the authority that signs those of gateways and chat services. Set with the next two, gRPC uses TLS, and each side accepts only a certificate of this authority. Read once, at the start: restart to renew.',
    schema: pemFile('CERTIFICATE').optional(),
  }),
  grpcTlsCertFile: variable({
    env: 'GRPC_TLS_CERT_FILE',
    doc: 'Path of the certificate (PEM, with those between it and the authority) that this process shows.',
    schema: pemFile('CERTIFICATE').optional(),
  }),
  grpcTlsKeyFile: variable({
    env: 'GRPC_TLS_KEY_FILE',
    doc: 'Path of the private key (PEM) of `GRPC_TLS_CERT_FILE`.',
    schema: pemFile('PRIVATE KEY').optional(),
  }),
} as const;

/** Where the files of one side of gRPC with TLS are; all or none of them. */
export interface GrpcTlsConfig {
  readonly grpcTlsCaFile?: string | undefined;
  readonly grpcTlsCertFile?: string | undefined;
  readonly grpcTlsKeyFile?: string | undefined;
}

/** A rule: TLS is mutual, so all three or none. */
export function grpcTlsIsComplete(value: GrpcTlsConfig): readonly ConfigFault[] {
  const files = [value.grpcTlsCaFile, value.grpcTlsCertFile, value.grpcTlsKeyFile];
  if (files.every((file) => file !== undefined) || files.every((file) => file === undefined)) return [];
  return ['GRPC_TLS_CA_FILE', 'GRPC_TLS_CERT_FILE', 'GRPC_TLS_KEY_FILE']
    .filter((_, index) => files[index] === undefined)
    .map((env) => ({ env, message: 'is not set: TLS needs all three of GRPC_TLS_*_FILE' }));
}
