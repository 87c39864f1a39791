import { parseArgs } from 'node:util';
import { runDense } from './run-dense.ts';

const usage = `Usage: node loadtest/dist/bench/main.js dense [options]

200 people in rooms of 10 send texts of 140 bytes by a fixed schedule, whatever becomes of them. Prints what a message cost each
process, how long acks and deliveries took from when a message was due, and whether everything came to everybody.

  --system NAMES      parlance (default)
  --rate N,N          messages a second (default 200,500,1000,1500)
  --seconds N         that count (default 10)
  --warm N            seconds before (default 4)
  --checkout DIR      services built in another checkout
  --node-args ARGS    for the Node of the services: "--cpu-prof --cpu-prof-dir=DIR"
  --json              figures as JSON, one line each
  --help              this text
`;

const text = { type: 'string' } as const;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    system: text,
    rate: text,
    seconds: text,
    warm: text,
    checkout: text,
    'node-args': text,
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
if (values.help || positionals[0] !== 'dense') {
  process.stdout.write(usage);
  if (!values.help) process.exitCode = 2;
} else {
  await runDense({
    systems: (values.system ?? 'parlance').split(','),
    rates: (values.rate ?? '200,500,1000,1500').split(',').map(Number),
    seconds: Number(values.seconds ?? 10),
    warmSeconds: Number(values.warm ?? 4),
    checkout: values.checkout,
    nodeArgs: values['node-args']?.split(' ') ?? [],
    json: values.json ?? false,
  });
}
