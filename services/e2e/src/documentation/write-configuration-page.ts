import { writeFileSync } from 'node:fs';
import { chatServiceConfig } from '@parlance/chat-service/config';
import { gatewayConfig } from '@parlance/gateway/config';
import { jobsConfig } from '@parlance/jobs/config';
import { describeConfig, renderConfigMarkdown } from '@parlance/runtime';

/** Writes docs/configuration.md from the definitions that the deployables check their environment with. */
const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('usage: write-configuration-page FILE');
const introduction = `# Configuration

Each deployable reads its environment once, at the start, and reports everything that is wrong with it together. Ask it
with \`--help\` for this table and with \`--check-config\` for what it would run with (secrets as \`***\`). This page is
generated from the definitions it checks with: \`make generate\`.

`;
writeFileSync(
  target,
  introduction + renderConfigMarkdown([gatewayConfig, chatServiceConfig, jobsConfig].flatMap(describeConfig)),
);
