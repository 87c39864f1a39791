import { parseArgs } from 'node:util';
import { demoToken } from '../demo-token.js';
import { reasonOf } from '../reason-of.js';
import { complain, say } from './say.js';

/** `token`: prints a token for the gateways of `make up`. Returns 0, or 2 when it does not say for whom, or for how long. */
export async function token(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { user: { type: 'string' }, scope: { type: 'string' }, ttl: { type: 'string', default: '24h' } },
  });
  const { user, scope, ttl } = values;
  if (user === undefined || user === '') {
    complain('a token for whom? make token USER=ann [SCOPE=admin] [TTL=1h]');
    return 2;
  }
  try {
    say(await demoToken({ user, scope, ttl }));
    return 0;
  } catch (error) {
    complain(`TTL=${ttl} is no time such as 15m, 1h or 7d (${reasonOf(error)})`);
    return 2;
  }
}
