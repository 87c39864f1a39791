/**
 * What every answer says about its limits: scripts, styles and pictures from here only, connections to the gateway's
 * origin over HTTP and WebSocket only, no framing, no guessing of types, no referrer. Pure.
 *
 * @param gatewayUrl base URL of the gateway, `http:` or `https:`; its path does not matter.
 */
export function securityHeaders(gatewayUrl: string): Readonly<Record<string, string>> {
  const { origin } = new URL(gatewayUrl);
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${origin} ${origin.replace(/^http/, 'ws')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  };
}
