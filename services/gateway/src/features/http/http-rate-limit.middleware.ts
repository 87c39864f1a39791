import type { ServerResponse } from 'node:http';
import type { ChatRequest } from '../auth/guards/chat-request.js';
import { clientAddress } from '../limits/client-address.js';
import type { RateLimits } from '../limits/rate-limits.js';

/** Makes the middleware that counts requests of an address, before anything is known of their token. */
export function httpRateLimit(limits: RateLimits, trustedHops: number) {
  return async (request: ChatRequest, _response: ServerResponse, next: () => void): Promise<void> => {
    const forwardedFor = [request.headers['x-forwarded-for'] ?? []].flat().join(',');
    const address = clientAddress(request.socket.remoteAddress, forwardedFor, trustedHops);
    await limits.take('httpOfAddress', address); // Express takes a rejection to the error filter.
    next();
  };
}
