import { expect, it } from 'vitest';
import { shardUri } from './shard-uri.js';

it.each([
  ['mongodb://r:1/chat', 'hot-1/a:1,b:2', 'mongodb://a:1,b:2/chat?replicaSet=hot-1'],
  ['mongodb://r:1', 'hot-1/a:1', 'mongodb://a:1/?replicaSet=hot-1'],
  ['mongodb://r:1/chat', 'b:2', 'mongodb://b:2/chat?directConnection=true'],
  [
    'mongodb://me:p%40ss@r:1,s:2/chat?authSource=admin&tls=true&replicaSet=x',
    'hot-1/a:1',
    'mongodb://me:p%40ss@a:1/chat?authSource=admin&tls=true&replicaSet=hot-1',
  ],
  ['mongodb+srv://me:pw@name/chat?srvMaxHosts=2', 'a:1', 'mongodb://me:pw@a:1/chat?tls=true&directConnection=true'],
])('makes of %s and %s %s', (router, host, uri) => {
  expect(shardUri(router, host)).toBe(uri);
});
