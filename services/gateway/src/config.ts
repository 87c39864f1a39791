import { isIP } from 'node:net';
import { limits } from '@parlance/proto';
import {
  type Address,
  addressList,
  bindHost,
  booleanFlag,
  type ConfigOf,
  csv,
  defineConfig,
  drainFitsGrace,
  drainVariables,
  durationMs,
  grpcTlsIsComplete,
  grpcTlsVariables,
  httpUrl,
  keepAliveVariables,
  redisVariables,
  runtimeVariables,
  secretList,
  variable,
} from '@parlance/runtime';
import { z } from 'zod';
import { originList } from './features/auth/origins/origin-list.js';
import { socketRates } from './socket-rates.js';

const tlsHints = Object.fromEntries(
  ['https', 'grpcs'].map((scheme) => [
    scheme,
    'has the scheme of TLS: write host:port and set GRPC_TLS_CA_FILE, GRPC_TLS_CERT_FILE and GRPC_TLS_KEY_FILE',
  ]),
);

/** Every environment variable of the gateway; `--help` prints them. */
export const gatewayConfig = defineConfig(
  'gateway',
  {
    port: variable({
      env: 'PORT',
      doc: 'TCP port for Socket.IO and HTTP. 0 lets the system choose.',
      schema: z.coerce.number().int().min(0).max(65_535).default(3000),
    }),
    host: variable({
      env: 'HOST',
      doc: 'Address to bind.',
      schema: bindHost().default('0.0.0.0'),
    }),
    opsPort: variable({
      env: 'OPS_PORT',
      doc: 'TCP port of `/livez`, `/readyz` and `/metrics`, at the address of `HOST`. 0 lets the system choose.',
      schema: z.coerce.number().int().min(0).max(65_535).default(3001),
    }),
    chatServiceTargets: variable({
      env: 'CHAT_SERVICE_TARGETS',
      doc: 'Where the chat service listens, port 4005 where none is written. Each host is resolved to all its addresses, every 5 s and whenever a pod is lost, so one headless Service names all pods. `k8s:///SERVICE.NAMESPACE` is watched in Kubernetes, which tells of a pod at once; the service account of the gateway needs `list` and `watch` on `endpointslices` there, and while Kubernetes cannot be asked the name is resolved.',
      schema: addressList({
        defaultPort: 4005,
        schemes: ['grpc', 'http', 'dns'],
        keptSchemes: ['k8s'],
        hints: tlsHints,
      }).default([{ host: '127.0.0.1', port: 4005 }]),
    }),
    ...grpcTlsVariables,
    grpcTlsServerName: variable({
      env: 'GRPC_TLS_SERVER_NAME',
      doc: 'Name that the certificates of all chat services carry; pods are reached by addresses, which theirs do not.',
      schema: z.string().default('chat-service'),
    }),
    ...redisVariables,
    serviceCredentials: variable({
      env: 'SERVICE_CREDENTIAL',
      doc: 'Shared secret that the chat service asks of its callers. Of several, separated by commas, the first is sent.',
      schema: secretList(),
      secret: true,
    }),
    jwtSecrets: variable({
      env: 'JWT_SECRET',
      doc: 'Key of HS256 tokens; tokens of any of several, separated by commas, are accepted. Set this or `JWT_JWKS_URL`, not both.',
      schema: secretList().optional(),
      secret: true,
    }),
    jwtJwksUrl: variable({
      env: 'JWT_JWKS_URL',
      doc: 'Where the public keys of RS256, ES256 or EdDSA tokens are published. Set this or `JWT_SECRET`, not both.',
      schema: httpUrl().optional(),
    }),
    jwtJwksKeepMs: variable({
      env: 'JWT_JWKS_KEEP_MS',
      doc: 'How long published keys stay good when they cannot be read again. They are read every 10 min; so long may a key that was withdrawn while their server is away be good.',
      schema: durationMs(600_000, 604_800_000).default(43_200_000),
    }),
    jwtIssuer: variable({
      env: 'JWT_ISSUER',
      doc: 'Required `iss` of a token, to the letter: a slash at the end counts.',
      schema: z.string().default('parlance'),
    }),
    jwtAudience: variable({
      env: 'JWT_AUDIENCE',
      doc: 'Required `aud` of a token.',
      schema: z.string().default('parlance-chat'),
    }),
    jwtUserClaim: variable({
      env: 'JWT_USER_CLAIM',
      doc: 'Claim of a token that names the user: text of 1 to 128 letters, digits or any of `_ . : -`. Choose one of your own where `sub` has another form, such as `auth0|x` or an address.',
      schema: z.string().default('sub'),
    }),
    devTokens: variable({
      env: 'DEV_TOKENS',
      doc: '`true` gives a token to anyone who asks `POST /api/v1/dev/token`. For development only; needs `JWT_SECRET`.',
      schema: booleanFlag().default(false),
      forbiddenInProduction: true,
    }),
    apiDocs: variable({
      env: 'API_DOCS',
      doc: '`false` takes `/api/docs` away: the reference of the API and its OpenAPI and AsyncAPI documents. Its page can try requests where its own origin is on `ALLOWED_ORIGINS`.',
      schema: booleanFlag().default(true),
    }),
    allowedOrigins: variable({
      env: 'ALLOWED_ORIGINS',
      doc: 'Origins whose pages may connect, such as `https://chat.example.com`, `capacitor://localhost` or, for any port, `http://localhost:*`. Clients that send no Origin are not browsers and are let in.',
      schema: originList().default([]),
    }),
    transports: variable({
      env: 'TRANSPORTS',
      doc: 'Socket.IO transports. `websocket,polling` needs cookie affinity at the load balancer.',
      schema: transports().default(['websocket']),
    }),
    authTimeoutMs: variable({
      env: 'AUTH_TIMEOUT_MS',
      doc: 'A connection that has not joined `/chat` with a valid token by then is closed.',
      schema: durationMs(100, 60_000).default(5_000),
    }),
    requestTimeoutMs: variable({
      env: 'REQUEST_TIMEOUT_MS',
      doc: 'Deadline of one request to the chat service, retries included.',
      schema: durationMs(100, 120_000).default(10_000),
    }),
    maxBufferedBytes: variable({
      env: 'MAX_BUFFERED_BYTES',
      doc: 'A socket that has more than this waiting to be sent for a second, or four times as much at once, is disconnected.',
      schema: z.coerce.number().int().min(limits.answerBytes).default(1_048_576),
    }),
    maxConnections: variable({
      env: 'MAX_CONNECTIONS',
      doc: 'Sockets of one gateway. Further handshakes are answered with `TOO_MANY_CONNECTIONS`.',
      schema: z.coerce.number().int().min(1).default(20_000),
    }),
    maxConnectionsPerUser: variable({
      env: 'MAX_CONNECTIONS_PER_USER',
      doc: 'Sockets of one user at one gateway. At this number one that does not answer any more makes room for the next handshake; if all answer, it gets `TOO_MANY_CONNECTIONS`.',
      schema: z.coerce.number().int().min(1).default(20),
    }),
    handshakesPerIpPerMinute: variable({
      env: 'HANDSHAKES_PER_IP_PER_MINUTE',
      doc: 'Handshakes of one address at all gateways together, counted in Redis.',
      schema: z.coerce.number().int().min(1).default(600),
    }),
    httpPerUserPerMinute: variable({
      env: 'HTTP_PER_USER_PER_MINUTE',
      doc: 'HTTP requests of one user at all gateways together, counted in Redis.',
      schema: z.coerce.number().int().min(1).default(600),
    }),
    httpPerIpPerMinute: variable({
      env: 'HTTP_PER_IP_PER_MINUTE',
      doc: 'HTTP requests under `/api` of one address at all gateways together, counted in Redis.',
      schema: z.coerce.number().int().min(1).default(1_200),
    }),
    ...socketRates,
    trustProxyHops: variable({
      env: 'TRUST_PROXY_HOPS',
      doc: 'Proxies in front of the gateway that add to `X-Forwarded-For`. With 0 the header is not believed, and everybody behind a proxy counts as one address.',
      schema: z.coerce.number().int().min(0).default(0),
    }),
    reconnectSpreadMs: variable({
      env: 'RECONNECT_SPREAD_MS',
      doc: 'Time over which a stopping gateway closes its sockets, told to each by `reconnectIn`. At most a quarter of what `DRAIN_DELAY_MS` leaves of `SHUTDOWN_GRACE_MS` is used.',
      schema: durationMs(0, 600_000).default(5_000),
    }),
    headSweepMs: variable({
      env: 'HEAD_SWEEP_MS',
      doc: 'How often the heads of all local rooms are compared with the log (R9).',
      schema: durationMs(100, 600_000).default(30_000),
    }),
    ...keepAliveVariables,
    ...drainVariables,
    ...runtimeVariables,
  },
  {
    rules: [
      drainFitsGrace,
      grpcTlsIsComplete,
      ({ chatServiceTargets }) =>
        chatServiceTargets.some(({ scheme, host }) => scheme === 'k8s' && isIP(host) !== 0)
          ? [{ env: 'CHAT_SERVICE_TARGETS', message: 'names an address after k8s:///: write SERVICE.NAMESPACE' }]
          : [],
      ({ port, opsPort }) =>
        port === opsPort && port !== 0 ? [{ env: 'OPS_PORT', message: 'is the same as PORT: they are two ports' }] : [],
      ({ jwtSecrets, jwtJwksUrl }) =>
        (jwtSecrets === undefined) === (jwtJwksUrl === undefined)
          ? [{ env: 'JWT_SECRET', message: 'or JWT_JWKS_URL: exactly one of the two must be set' }]
          : [],
      ({ devTokens, jwtSecrets }) =>
        devTokens && jwtSecrets === undefined ? [{ env: 'DEV_TOKENS', message: 'needs JWT_SECRET' }] : [],
    ],
  },
);

/** The values of {@link gatewayConfig}. */
export type GatewayConfig = ConfigOf<typeof gatewayConfig>;

/** One configured place of the chat service; a name stands for all its addresses. */
export type Target = Address;

function transports() {
  return csv()
    .refine((list) => list.every((item) => item === 'websocket' || item === 'polling'), {
      message: 'knows only websocket and polling',
    })
    .refine((list) => list.includes('websocket'), { message: 'must include websocket' })
    .transform((list) => list as readonly ('websocket' | 'polling')[]);
}
