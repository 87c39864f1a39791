import { parseArgs } from 'node:util';
import { runStorm } from './run-storm.js';
import { stormTable } from './storm-table.js';

const usage = `Usage: node services/e2e/dist/bench/storm/main.js [options]

Creates a room of a thousand connected people, and adds hundreds to another, while a few pairs talk in rooms of their own.
Prints how long others' messages took meanwhile, what the crowd was sent, and what it cost. Starts a deployment of its own;
other work on the machine shows in the times.

  --redis MODE        single or cluster (default single)
  --gateways N        (default 2)
  --chat-services N   (default 1)
  --people N          connected people (default 999)
  --added N           how many of them are added to the other room (default 500)
  --pairs N           pairs who talk (default 8)
  --every MS          pause between two messages of a pair (default 100)
  --calm SECONDS      talk before anything happens (default 10)
  --help              this text
`;

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    redis: text,
    gateways: text,
    'chat-services': text,
    people: text,
    added: text,
    pairs: text,
    every: text,
    calm: text,
    help: { type: 'boolean' },
  },
});
if (values.help) {
  process.stdout.write(usage);
} else {
  const phases = await runStorm({
    redis: mode(values.redis ?? 'single'),
    gateways: natural('gateways', 2),
    chatServices: natural('chat-services', 1),
    people: natural('people', 999),
    added: natural('added', 500),
    pairs: natural('pairs', 8),
    everyMs: natural('every', 100),
    calmSeconds: natural('calm', 10),
    say: (line) => void process.stdout.write(`${line}\n`),
  });
  process.stdout.write(`\n${stormTable(phases)}\n`);
}

function mode(given: string): 'single' | 'cluster' {
  if (given === 'single' || given === 'cluster') return given;
  return refuse(`--redis takes single or cluster, not "${given}".`);
}

function natural(name: Exclude<keyof typeof values, 'redis' | 'help'>, otherwise: number): number {
  const given = values[name];
  if (given === undefined) return otherwise;
  const value = Number(given);
  return Number.isSafeInteger(value) && value > 0
    ? value
    : refuse(`--${name} takes a whole number above 0, not "${given}".`);
}

function refuse(reason: string): never {
  process.stderr.write(`${reason}\n`);
  process.exit(2);
}
