import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runProgram } from '../../install/run-program.js';
import { describeRendered } from '../describe-rendered.js';
import { type Container, type RenderedPod } from '../pods-of.js';
import { chartCases } from '../render-chart.js';

const withRedis = chartCases.filter(({ name }) => !/mongodb-sharded|external/.test(name));
/** What a line of a configuration would be broken by. */
const passwords = { REDIS_PASSWORD: 'a "quoted\\ päss\nword', REDIS_JOBS_PASSWORD: "it's #another" };

describeRendered('users of Redis of $name', withRedis, (chart) => {
  let redis: RenderedPod;
  let config: Readonly<Record<string, string>>;
  let folder: string;
  beforeAll(async () => {
    redis = chart.pods.find(({ labels }) => labels['app.kubernetes.io/component'] === 'redis') as RenderedPod;
    config = chart.objects.find(({ data }) => data?.['redis.conf'])?.data ?? {};
    folder = await mkdtemp(join(tmpdir(), 'parlance-users-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Does what the init container does; answers the file that Redis includes. */
  async function write(
    env: Readonly<Record<string, string>>,
  ): Promise<{ readonly path: string; readonly text: string }> {
    const [script, template, path] = ['write-users.mjs', 'template.conf', 'users.conf'].map((name) =>
      join(folder, name),
    );
    await writeFile(String(script), config['write-users.mjs'] ?? '');
    await writeFile(String(template), config['users.conf'] ?? '');
    await runProgram(process.execPath, [String(script), String(template), String(path)], { env });
    return { path: String(path), text: await readFile(String(path), 'utf8') };
  }

  it('are written where Redis alone reads them, whatever characters a password has, and as often as a pod begins', async () => {
    const [init] = redis.spec.initContainers ?? [];
    expect(init?.command?.at(-1)).toBe('/run/users/users.conf');
    expect(config['redis.conf']).toMatch(/^include \/run\/users\/users\.conf$/m);
    await write(passwords);
    const { path, text } = await write(passwords);
    expect((await stat(path)).mode & 0o777).toBe(0o400);
    expect(text).not.toMatch(/<|quoted|another/);
    const hasUsers = config['users.conf']?.includes('user default') === true;
    const known: Readonly<Record<string, string>> = passwords;
    const own = hasUsers ? 'REDIS_JOBS_PASSWORD' : 'REDIS_PASSWORD';
    expect(wordAfter('masterauth', text)).toBe(known[own]);
    expect(wordAfter('requirepass', text)).toBe(hasUsers ? undefined : passwords.REDIS_PASSWORD);
    for (const [, user, sum] of text.matchAll(/^user (\S+) reset on #([0-9a-f]{64}) /gm)) {
      const password = user === 'jobs' ? passwords.REDIS_JOBS_PASSWORD : passwords.REDIS_PASSWORD;
      expect(sum, user).toBe(createHash('sha256').update(password).digest('hex'));
    }
  });

  it('are refused with the name of the password that is missing', async () => {
    await expect(write({ REDIS_PASSWORD: '' })).rejects.toThrow('the Secret has no REDIS_PASSWORD');
  });

  it('are who clients sign in as, each with a password of its own', () => {
    const lines = [...(config['users.conf'] ?? '').matchAll(/^user (\S+) reset (.+)$/gm)];
    const users = new Map(lines.map(([, user = '', rules = '']) => [user, rules]));
    const hasUsers = chart.name.endsWith('with tls');
    expect([...users.keys()]).toEqual(hasUsers ? ['default', 'services', 'jobs'] : []);
    expect(users.get('default')).toBe(hasUsers ? 'off' : undefined);
    for (const rules of users.values())
      expect(rules).not.toMatch(/\+@all|allcommands|allkeys|allchannels|nopass|~\*( |$)|&\*( |$)/);
    expect(config['users.conf']?.includes('\nmasteruser jobs\n')).toBe(hasUsers);
    for (const { of, labels, spec } of chart.pods) {
      const isJob = labels['app.kubernetes.io/component'] === 'jobs';
      for (const container of spec.containers.filter((one) => speaksToRedis(one))) {
        expect(environment(container)['REDIS_USERNAME'], of).toBe(hasUsers ? (isJob ? 'jobs' : 'services') : undefined);
        const password = container.env?.find(({ name }) => name === 'REDIS_PASSWORD')?.valueFrom?.secretKeyRef;
        expect(password?.key, of).toBe(hasUsers && isJob ? 'REDIS_JOBS_PASSWORD' : 'REDIS_PASSWORD');
      }
    }
  });

  function environment({ env = [], envFrom = [] }: Container): Readonly<Record<string, string>> {
    const maps = envFrom.map(
      ({ configMapRef }) =>
        chart.objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMapRef?.name)?.data,
    );
    return Object.assign({}, ...maps, Object.fromEntries(env.map(({ name, value = '' }) => [name, value])));
  }

  function speaksToRedis(container: Container): boolean {
    return environment(container)['REDIS_NODES'] !== undefined;
  }
});

/** The word behind a directive, read as Redis reads it. */
function wordAfter(name: string, text: string): string | undefined {
  const quoted = new RegExp(`^${name} "((?:\\\\x[0-9a-f]{2})*)"$`, 'm').exec(text)?.[1];
  return quoted === undefined ? undefined : Buffer.from(quoted.replaceAll('\\x', ''), 'hex').toString();
}
