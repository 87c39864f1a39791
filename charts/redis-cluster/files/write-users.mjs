// Writes users.conf with the passwords in it: `<sha256 of NAME>` and `<text of NAME>` become what the variable NAME says.
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { argv, env, exit, stderr } from 'node:process';

const [template, target] = argv.slice(2);
const makers = {
  sha256: (password) => createHash('sha256').update(password).digest('hex'),
  // Whatever bytes they are, Redis reads them back from this.
  text: (password) => `"${[...Buffer.from(password)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`,
};
const missing = new Set();
const text = readFileSync(template, 'utf8').replace(/<(sha256|text) of ([-.\w]+)>/g, (_, kind, name) => {
  if (!env[name]) missing.add(name);
  return makers[kind](env[name] ?? '');
});
if (missing.size > 0) {
  stderr.write(`the Secret has no ${[...missing].join(', ')}, or it is empty\n`);
  exit(78);
}
// A pod whose sandbox is made anew has it already, and not even its owner may write to it.
rmSync(target, { force: true });
writeFileSync(target, text, { mode: 0o400 });
