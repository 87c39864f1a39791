const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));
const redis = 'REDIS_MODE REDIS_NODES REDIS_TLS REDIS_USERNAME';
const grpcTls = 'GRPC_TLS_CA_FILE GRPC_TLS_CERT_FILE GRPC_TLS_KEY_FILE';
const archive = `ARCHIVE_DRIVER ARCHIVE_PATH ARCHIVE_S3_BUCKET ARCHIVE_S3_PREFIX ARCHIVE_S3_REGION ARCHIVE_S3_ENDPOINT
  ARCHIVE_S3_PATH_STYLE ARCHIVE_S3_ACCESS_KEY_ID`;

/** Variables that the chart sets by itself, from values that say more than one variable. */
export const setByChart = {
  gateway: words(`PORT OPS_PORT HOST CHAT_SERVICE_TARGETS TRUST_PROXY_HOPS SHUTDOWN_GRACE_MS NODE_ENV
    JWT_ISSUER JWT_AUDIENCE JWT_USER_CLAIM JWT_JWKS_URL ${redis} ${grpcTls}`),
  chatService: words(`GRPC_HOST GRPC_PORT OPS_PORT SHUTDOWN_GRACE_MS NODE_ENV ${redis} ${grpcTls} ${archive}`),
  jobs: words(`KUBECONFIG KUBERNETES_NAMESPACE KUBERNETES_INSTANCE NODE_ENV ${redis} ${archive}`),
} as const;
