import { archiveMonths, quietSurroundings } from '@parlance/jobs';
import { jobsConfig } from '@parlance/jobs/config';
import { loadConfig } from '@parlance/runtime';
import { ChatDatabase } from '@parlance/storage';
import { MongoClient } from 'mongodb';

const config = loadConfig(jobsConfig);
const client = await MongoClient.connect(config.mongoUri);
const startedAt = performance.now();
const code = await archiveMonths(
  { months: [], dryRun: false },
  quietSurroundings(new ChatDatabase(client.db()), { config }),
);
const seconds = (performance.now() - startedAt) / 1_000;
await client.close();
if (code === 0) process.send?.({ seconds, peakMiB: process.resourceUsage().maxRSS / 1_024 });
process.exitCode = code;
process.disconnect();
