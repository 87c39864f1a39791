import { readOptions, refuse } from '../../program/read-options.js';
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

const defaults = {
  gateways: 2,
  'chat-services': 1,
  people: 999,
  added: 500,
  pairs: 8,
  every: 100,
  calm: 10,
};
const given = readOptions(usage, defaults, { texts: ['redis'] });
const { redis = 'single', gateways, 'chat-services': chatServices, people, added, pairs, every, calm } = given;
if (redis !== 'single' && redis !== 'cluster') refuse(`--redis takes single or cluster, not "${redis}".`);
const phases = await runStorm({
  redis,
  gateways,
  chatServices,
  people,
  added,
  pairs,
  everyMs: every,
  calmSeconds: calm,
  say: (line) => void process.stdout.write(`${line}\n`),
});
process.stdout.write(`\n${stormTable(phases)}\n`);
