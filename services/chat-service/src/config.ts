import {
  archiveIsComplete,
  archiveVariables,
  bindHost,
  booleanFlag,
  type ConfigOf,
  defineConfig,
  drainFitsGrace,
  drainVariables,
  grpcTlsIsComplete,
  grpcTlsVariables,
  mongoUri,
  redisVariables,
  runtimeVariables,
  secretList,
  variable,
} from '@parlance/runtime';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const rate = z.coerce.number().int().min(1).max(1_000_000);

/** The chat service's configuration. */
export const chatServiceConfig = defineConfig(
  'chat-service',
  {
    ...runtimeVariables,
    ...drainVariables,
    grpcHost: variable({
      env: 'GRPC_HOST',
      doc: 'Address that gRPC listens on.',
      schema: bindHost().default('0.0.0.0'),
    }),
    grpcPort: variable({ env: 'GRPC_PORT', doc: 'TCP port of gRPC.', schema: port.default(4005) }),
    ...grpcTlsVariables,
    grpcReflection: variable({
      env: 'GRPC_REFLECTION',
      doc: '`true` tells callers of gRPC that have the service credential what there is to call (`grpc.reflection.v1` and `v1alpha`), as grpcurl and Postman ask it.',
      schema: booleanFlag().default(false),
    }),
    opsPort: variable({
      env: 'OPS_PORT',
      doc: 'TCP port of `/livez`, `/readyz` and `/metrics`.',
      schema: port.default(4006),
    }),
    mongoUri: variable({
      env: 'MONGO_URI',
      doc: 'MongoDB connection string with the database name: a replica set or a router of a sharded cluster.',
      schema: mongoUri(),
      secret: true,
    }),
    serviceCredentials: variable({
      env: 'SERVICE_CREDENTIAL',
      doc: 'Secret that every caller of gRPC must present; the same for gateways and chat services. Several, separated by commas, are all accepted; to change it see docs/architecture.md, Changing secrets.',
      schema: secretList(),
      secret: true,
    }),
    bodyHashKey: variable({
      env: 'BODY_HASH_KEY',
      doc: 'Key of the stored body hashes that tell a retry from a conflict. Changing it makes retries of the last days conflict.',
      schema: z.string().min(32, 'must have at least 32 characters'),
      secret: true,
    }),
    sendPerUserPerSecond: variable({
      env: 'SEND_PER_USER_PER_SECOND',
      doc: 'Messages a second that one user may send into one room, in the long run.',
      schema: rate.default(5),
    }),
    sendPerUserBurst: variable({
      env: 'SEND_PER_USER_BURST',
      doc: 'Messages that one user may send into one room at once after a pause.',
      schema: rate.default(20),
    }),
    sendPerRoomPerSecond: variable({
      env: 'SEND_PER_ROOM_PER_SECOND',
      doc: 'Messages a second that all users together may send into one room, in the long run.',
      schema: rate.default(50),
    }),
    sendPerRoomBurst: variable({
      env: 'SEND_PER_ROOM_BURST',
      doc: 'Messages that all users together may send into one room at once after a pause.',
      schema: rate.default(200),
    }),
    ...archiveVariables,
    archiveCacheBytes: variable({
      env: 'ARCHIVE_CACHE_BYTES',
      doc: 'Bytes of archived months that a chat service keeps in memory: indexes and blocks of a hundred messages or so.',
      schema: z.coerce.number().int().min(1_048_576).max(8_589_934_592).default(67_108_864),
    }),
    ...redisVariables,
  },
  { rules: [drainFitsGrace, archiveIsComplete, grpcTlsIsComplete] },
);

/** The checked values. */
export type ChatServiceConfig = ConfigOf<typeof chatServiceConfig>;
