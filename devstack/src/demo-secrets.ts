/**
 * Secrets of the stack on a developer's machine. They are public, so a service with `NODE_ENV=production` must refuse them; the
 * name in each makes that possible.
 */
export const DEMO_SECRETS = {
  /** What the gateway shows the chat service with every call. */
  serviceCredential: 'demo-secret-not-for-production-service-credential',
  /** Signs the tokens of the demo's users (HS256). */
  jwtSecret: 'demo-secret-not-for-production-jwt-signing-key',
  /** Keys the digest by which a repeated message is recognised. */
  bodyHashKey: 'demo-secret-not-for-production-body-hash-key',
} as const;
