/** Writes a parsed value as it would stand in the environment: lists with commas, addresses as `host:port`. */
export function formatValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(formatValue).join(',');
  if (isAddress(value))
    return `${value.scheme === undefined ? '' : `${value.scheme}:///`}${value.host.includes(':') ? `[${value.host}]` : value.host}:${value.port}`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isAddress(value: unknown): value is { host: string; port: number; scheme?: string } {
  return (
    typeof value === 'object' && value !== null && 'host' in value && typeof value.host === 'string' && 'port' in value
  );
}
