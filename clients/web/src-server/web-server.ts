import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Asset, type Assets, toAsset } from './assets.js';
import { securityHeaders } from './security-headers.js';

/**
 * Serves a built page, `config.json` with the gateway's URL, and `/readyz`. A path that is none of them is the page for a
 * navigation, as when a deep link is opened, and 404 for everything else. Does not listen yet.
 */
export function createWebServer({ page, byPath }: Assets, gatewayUrl: string): Server {
  const headers = securityHeaders(gatewayUrl);
  const config = toAsset('/config.json', Buffer.from(JSON.stringify({ gatewayUrl })));
  const find = (path: string, request: IncomingMessage): Asset | undefined => {
    if (path === '/') return page;
    if (path === '/config.json') return { ...config, cacheControl: 'no-store' };
    return byPath.get(path) ?? (path.lastIndexOf('/') === 0 && isNavigation(path, request) ? page : undefined);
  };
  return createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return answerText(response, 405, 'method not allowed');
    }
    const path = (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';
    if (path === '/readyz') return answerText(response, 200, 'ok');
    const asset = find(path, request);
    if (asset !== undefined) return answerAsset(request, response, asset);
    // The page names its files relative to its own place, so from further down it has to be opened at the top.
    if (isNavigation(path, request)) return void response.writeHead(302, { location: '/' }).end();
    answerText(response, 404, 'not found');
  });
}

function answerAsset(request: IncomingMessage, response: ServerResponse, asset: Asset): void {
  const { body, gzipped, type, etag, cacheControl } = asset;
  response.setHeader('cache-control', cacheControl);
  response.setHeader('etag', etag);
  response.setHeader('vary', 'accept-encoding');
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
  const isGzipped = gzipped !== undefined && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  const sent = isGzipped ? gzipped : body;
  response.setHeader('content-type', type);
  if (isGzipped) response.setHeader('content-encoding', 'gzip');
  response.setHeader('content-length', sent.length);
  response.writeHead(200).end(request.method === 'HEAD' ? undefined : sent);
}

function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end(text);
}

/** A browser opens an address, rather than a page asking for a file. */
function isNavigation(path: string, request: IncomingMessage): boolean {
  const lastPart = path.slice(path.lastIndexOf('/') + 1);
  if (lastPart.includes('.') || path.startsWith('/assets/')) return false;
  const mode = request.headers['sec-fetch-mode'];
  return mode === undefined ? (request.headers.accept ?? '').includes('text/html') : mode === 'navigate';
}
