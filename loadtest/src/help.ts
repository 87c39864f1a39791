import { limitsOf } from './catalogue/limits-of.ts';
import type { Scenario, Variable } from './catalogue/scenario.ts';
import { scenarios } from './catalogue/scenarios.ts';

/** What `--help` prints. `found`: names of all scenarios that there are, also those that somebody has added. */
export function help(found: readonly string[]): string {
  const others = found.filter((name) => !(name in scenarios));
  return `usage: node loadtest/dist/run.js [SCENARIO] [arguments of "k6 run"]

Runs a load test against a running Parlance, such as that of "make up". "--which" prints the k6 that it would use.

Scenarios, each with its variables (and what they are when they are not given)
${Object.entries<Scenario>(scenarios).map(blockOf).join('')}${others.map((name) => `  ${name}\n`).join('')}
Environment of all
  GATEWAY_URL (http://127.0.0.1:3000)    the gateway
  JWT_SECRET                             people's tokens are signed with it; without it the gateway must hand out
                                         development tokens
  JWT_ISSUER (parlance), JWT_AUDIENCE (parlance-chat)    what these tokens say
  SUMMARY_FILE                           all figures as JSON go there too
  K6_BIN                                 the k6 to use instead of the one found
  PARLANCE_DIR (.parlance)               its cache may hold k6/k6
  PARLANCE_TOOLS_DIR                     a folder with k6-vVERSION-PLATFORM-ARCH.xz, unpacked into that cache

Exit code
  0    everything was as it must be
  99   something was not: a threshold was crossed
  1    k6 was not found
  2    there is no such scenario
  other codes are k6's: 107 when the script failed (no gateway, no tokens, a size that cannot be), 105 after Ctrl-C
`;
}

function blockOf([name, { about, variables, trends }]: [string, Scenario]): string {
  const all = Object.entries<Variable>({ ...variables, ...limitsOf(trends) });
  const lines = all.map(([variable, { value, meaning }]) => {
    const heading = value === '' ? variable : `${variable} (${value})`;
    return `      ${heading.padEnd(20)} ${meaning}\n`;
  });
  return `  ${name}: ${about}\n${lines.join('')}`;
}
