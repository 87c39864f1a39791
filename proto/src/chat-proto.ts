import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** How every process loads `chat.v1` with @grpc/proto-loader. The generated types hold for exactly these options. */
export const chatProto = {
  package: 'chat.v1',
  service: 'ChatService',
  /** Absolute path of the service's definition. */
  path: fileURLToPath(new URL('../chat/v1/chat_service.proto', import.meta.url)),
  /** Absolute path of the FileDescriptorSet of all that is served, `grpc.health.v1` included, with the comments. */
  descriptors: fileURLToPath(new URL('../chat/descriptors.binpb', import.meta.url)),
  loader: {
    includeDirs: [root] as string[],
    keepCase: false,
    longs: Number,
    enums: String,
    defaults: true,
    arrays: true,
    oneofs: true,
  },
} as const;

/** Names of the metadata keys on gRPC calls and answers. */
export const metadataKeys = {
  /** `Bearer <service credential>`. */
  authorization: 'authorization',
  userId: 'user-id',
  /** W3C traceparent. */
  traceId: 'x-trace-id',
  errorReason: 'error-reason',
  errorOutcome: 'error-outcome',
  retryAfterMs: 'retry-after-ms',
} as const;
