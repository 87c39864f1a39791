#!/usr/bin/env node
import { loadConfig } from '@parlance/runtime';
import { readCommandLine, renderUsage } from './command-line.js';
import { UsageError } from './commands/command.js';
import { jobsConfig } from './config.js';
import { type ExitCode, exitCode } from './exit-code.js';
import { JobFailed } from './job-failed.js';
import { connectMongo } from './mongo/connect-mongo.js';
import { Progress } from './progress.js';

const argv = process.argv.slice(2);
const complain = (text: string): void => void process.stderr.write(text);

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => stopping.abort(new JobFailed(`stopped by ${name}`)));
}

process.exitCode = await run().catch((thrown: unknown) => {
  if (thrown instanceof UsageError) {
    complain(`jobs: ${thrown.message}\n\n${renderUsage()}`);
    return exitCode.usage;
  }
  complain(`jobs: ${thrown instanceof JobFailed ? thrown.message : String(thrown)}; run the same command again\n`);
  return exitCode.failed;
});

async function run(): Promise<ExitCode> {
  if (argv.includes('--help')) process.stdout.write(renderUsage());
  const asked = argv.includes('--help') || argv.includes('--check-config') ? undefined : readCommandLine(argv);
  const config = loadConfig(jobsConfig);
  if (!asked) return exitCode.done;
  await using link = await connectMongo(config.mongoUri);
  return await asked.command.run(asked.values, {
    database: link.database,
    progress: new Progress(complain),
    signal: stopping.signal,
    say: (text) => void process.stdout.write(text),
  });
}
