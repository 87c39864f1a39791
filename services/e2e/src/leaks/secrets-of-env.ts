/** Names of variables whose values are secrets, or hold some. */
const secretNames = /(?:SECRET|CREDENTIAL|PASSWORD|_KEY|_KEYS|TOKEN)$/;

/**
 * The secrets in the environment of a process: each entry of a list by itself, without the name before it, and the passwords in
 * addresses.
 */
export function secretsOfEnv(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (secretNames.test(name)) return value.split(',').map((entry) => entry.replace(/^[\w.-]{1,32}:/, ''));
    const [, password] = /:\/\/[^:/@]*:([^@/]+)@/.exec(value) ?? [];
    return password === undefined ? [] : [password, decodeURIComponent(password)];
  });
}
