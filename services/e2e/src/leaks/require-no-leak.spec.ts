import { expect, it } from 'vitest';
import { signToken } from '../clients/sign-token.js';
import { requireNoLeak } from './require-no-leak.js';
import { SecretTexts } from './secret-texts.js';
import { secretsOfEnv } from './secrets-of-env.js';

const quiet = '{"level":"info","name":"gateway","msg":"gateway listens"}\n';

function linesWith(secret: string): string {
  return `${quiet}{"level":"error","err":{"message":"cannot store ${secret}"},"msg":"request failed"}\n${quiet}`;
}

function secretTexts(...texts: string[]): SecretTexts {
  const secrets = new SecretTexts();
  secrets.add(...texts);
  return secrets;
}

it('lets through what shows nothing, and texts too short to be told from any other', () => {
  const log = { name: 'gateway-1', text: linesWith('a message of ann') };
  expect(() => requireNoLeak([log], [secretTexts('Meet me at nine', 'ann')])).not.toThrow();
});

it('names the process and shows the line without the text that leaked, also as JSON writes it', () => {
  const said = 'Meet "me"\nat nine';
  const text = linesWith(JSON.stringify(said).slice(1, -1));
  expect(() => requireNoLeak([{ name: 'gateway-2', text }], [secretTexts(said)])).toThrow(
    /the log of gateway-2 shows a secret of \d+ characters: \{"level":"error","err":\{"message":"cannot store \*{5}"\}/,
  );
});

it('finds tokens that nobody has told of', () => {
  const token = signToken('ann');
  let told = '';
  try {
    requireNoLeak([{ name: 'gateway-1', text: linesWith(token) }], []);
  } catch (error) {
    told = String(error);
  }
  expect(told).toContain('cannot store *****');
  expect(told).not.toContain(token.slice(0, 12));
});

it('finds each secret of an environment', () => {
  const env = {
    SERVICE_CREDENTIAL: 'first-of-the-credentials,second-of-the-credentials',
    ARCHIVE_KEYS: 'k1:bm90IGEga2V5IGF0IGFsbA==',
    MONGO_URI: 'mongodb://user:pass%3Aword-of-mongo@db/parlance?replicaSet=rs0',
    PORT: '3000',
    JWT_SECRET_FILE: '/run/secrets/jwt',
  };
  const secrets = secretTexts(...secretsOfEnv(env));
  for (const leaked of [
    'second-of-the-credentials',
    'bm90IGEga2V5IGF0IGFsbA==',
    'pass%3Aword-of-mongo',
    'pass:word-of-mongo',
  ])
    expect(() => requireNoLeak([{ name: 'x', text: linesWith(leaked) }], [secrets])).toThrow('cannot store *****');
  const good = { name: 'x', text: linesWith('/run/secrets/jwt on port 3000') };
  expect(() => requireNoLeak([good], [secrets])).not.toThrow();
});
