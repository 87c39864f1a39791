import { expect, it } from 'vitest';
import { mongoUser } from './mongo-user.js';

it.each([
  ['mongodb://a:1/chat', undefined],
  ['mongodb://me:p%40ss@a:1,b:2/chat', { name: 'me', password: 'p@ss', db: 'chat' }],
  ['mongodb://me:pw@a:1/chat?authSource=admin&tls=true', { name: 'me', password: 'pw', db: 'admin' }],
  ['mongodb+srv://me:pw@a', { name: 'me', password: 'pw', db: 'admin' }],
])('finds the user of %s', (uri, user) => {
  expect(mongoUser(uri).user).toEqual(user);
});

it('takes the user away, or puts another in its place, and keeps the rest', () => {
  const { without, as, database } = mongoUser('mongodb://me:pw@a:1,b:2/chat?authSource=admin&tls=true');
  expect(database).toBe('chat');
  expect(without).toBe('mongodb://a:1,b:2/chat?tls=true');
  expect(as('__system', 'a/b=', 'local')).toBe(
    'mongodb://__system:a%2Fb%3D@a:1,b:2/chat?tls=true&authSource=local&authMechanism=SCRAM-SHA-256',
  );
});
