/**
 * Base URL of the gateway, from `config.json` beside the page; without one, port 3000 of the host the page came from.
 * Never rejects.
 */
export async function loadGatewayUrl(): Promise<string> {
  try {
    const response = await fetch('./config.json', { cache: 'no-store' });
    const config: unknown = await response.json();
    if (hasGatewayUrl(config)) return config.gatewayUrl.replace(/\/+$/, '');
  } catch {
    // No such file, as where the page is served by something that knows nothing of it.
  }
  return `${location.protocol}//${location.hostname}:3000`;
}

function hasGatewayUrl(value: unknown): value is { readonly gatewayUrl: string } {
  const url = (value as { readonly gatewayUrl?: unknown } | null)?.gatewayUrl;
  return typeof url === 'string' && url !== '';
}
