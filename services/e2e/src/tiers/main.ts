import { readOptions } from '../program/read-options.js';
import { applySabotages } from '../sabotage/apply-sabotages.js';

// Pods of this process compare their clock with MongoDB's, which stays where it is.
applySabotages(['server-clock-elsewhere']);
const { runYear } = await import('./run-year.js');
const { isCleanYear } = await import('./year/year-report.js');
const { yearTable } = await import('./year/year-table.js');

const usage = `Usage: node services/e2e/dist/tiers/main.js [options]

Lets months pass in minutes: people talk and read whole rooms through the chat service on real servers while the jobs create,
seal, move, archive and back up months by an injected clock, and are killed. Checks that every read at every moment is complete and
in order, and that in the end everything is there once, also in an empty database that the last backup is restored into. Ends at the first anomaly with exit code 1.

  --seed N      who says what and what is killed when (default 1)
  --messages N  in all rooms and months together (default 40000)
  --rooms N     rooms of very different sizes (default 300)
  --months N    months, the last of them the current one (default 14)
  --mongo KIND  cluster, or replicaSet, which has no tiers (default cluster)
  --archive A   file, or s3: a real S3 server (default file)
  --encrypt     encrypt archives and backups
  --kills N     kills of jobs at any moment (default 10), beside one at every checkpoint of each job
  --undisturbed no kills, and nothing else that happens to jobs
  --help        this text
`;

const defaults = { seed: 1, messages: 40_000, rooms: 300, months: 14, kills: 10 };
const { mongo, archive, encrypt, undisturbed, kills, ...size } = readOptions(usage, defaults, {
  orNone: ['kills'],
  texts: ['mongo', 'archive'],
  flags: ['encrypt', 'undisturbed'],
});
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // One that is listened to once only would be gone when the servers' guard looks for it.
  process.on(signal, () => (stop.signal.aborted ? process.exit(1) : stop.abort()));
}
const report = await runYear({
  ...size,
  mongo: mongo === 'replicaSet' ? 'replicaSet' : 'cluster',
  archive: { driver: archive === 's3' ? 's3' : 'file', encrypt },
  kills: undisturbed ? 0 : kills,
  strikesStates: !undisturbed,
  disturbs: !undisturbed,
  say: (line) => void process.stdout.write(`${line}\n`),
  signal: stop.signal,
});
process.stdout.write(`\n${yearTable(report)}\n`);
process.exitCode = isCleanYear(report) && !stop.signal.aborted ? 0 : 1;
