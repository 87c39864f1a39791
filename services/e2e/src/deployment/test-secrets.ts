/** Secrets of test deployments. They begin with `demo-`, so a production process refuses them. */
export const testSecrets = {
  serviceCredential: 'demo-service-credential-for-tests-only',
  jwtSecret: 'demo-jwt-signing-key-for-tests-only-0123',
  bodyHashKey: 'demo-body-hash-key-for-tests-only-012345',
} as const;
