/** Where the WebSocket of a gateway is: `http://HOST` or `https://HOST`, with or without a path's end slash. */
export function engineIoUrl(gatewayUrl: string): string {
  return `${gatewayUrl.replace(/^http/, 'ws').replace(/\/+$/, '')}/socket.io/?EIO=4&transport=websocket`;
}
