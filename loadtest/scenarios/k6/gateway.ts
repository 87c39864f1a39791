import http, { type Params, type RefinedResponse, type ResponseType } from 'k6/http';
import { mintToken } from './mint-token.ts';

/** The gateway that is meant. */
export const gatewayUrl = __ENV['GATEWAY_URL'] || 'http://127.0.0.1:3000';

/** A token of that user: made here when `JWT_SECRET` is given, else a development token of the gateway. */
export function userToken(userId: string): string {
  // While secrets are changed there are several, and any of them will do.
  const [secret] = (__ENV['JWT_SECRET'] ?? '').split(',');
  if (secret) return mintToken(secret, userId);
  return (post('/api/v1/dev/token', { userId }) as { token: string }).token;
}

/** Makes a group room, and returns its id. Throws what the gateway says when it does not. */
export function createRoom(token: string, name: string, participants: readonly string[]): string {
  const room = { roomType: 'group', participants, metadata: { name } };
  return (post('/api/v1/rooms', room, token) as { roomId: string }).roomId;
}

/** Throws, and so ends the run with k6's code 107, when there is no gateway or it takes no token from here. */
export function greetGateway(userId: string): void {
  const token = userToken(userId);
  dataOf('/api/v1/rooms', http.get(`${gatewayUrl}/api/v1/rooms`, headersOf(token)));
}

function post(path: string, body: object, token?: string): unknown {
  return dataOf(path, http.post(`${gatewayUrl}${path}`, JSON.stringify(body), headersOf(token)));
}

function headersOf(token: string | undefined): Params {
  return { headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) } };
}

function dataOf(path: string, response: RefinedResponse<ResponseType | undefined>): unknown {
  if (response.status !== 200) {
    throw new Error(
      `${gatewayUrl}${path} answered ${response.status} ${response.error || JSON.stringify(response.body)}`,
    );
  }
  return (response.json() as { data: unknown }).data;
}
