import { writeFileSync } from 'node:fs';
import { chatServiceConfig } from '@parlance/chat-service/config';
import { gatewayConfig } from '@parlance/gateway/config';
import { bootstrapConfig, jobsConfig, redisJobsConfig, rollConfig, secretsJobConfig } from '@parlance/jobs/config';
import { describeConfig, renderConfigMarkdown } from '@parlance/runtime';

/** Writes docs/configuration.md from the definitions that the deployables check their environment with. */
const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('usage: write-configuration-page FILE');
const introduction = `# Configuration

Each deployable reads its environment once, at the start, and reports everything that is wrong with it together. Ask it
with \`--help\` for its part of this page and with \`--check-config\` for what it would run with (secrets as \`***\`). This page is
generated from the definitions it checks with: \`make generate\`.

**Secrets** may come from files: in place of \`NAME\`, \`NAME_FILE\` holds the absolute path of a file, as of a mounted
Secret. It is read once, at the start; a newline at its end is not part of the secret. Both set, an empty file or one that
cannot be read is a fault.

**Addresses** are taken as people write them and mean the same everywhere; what would be read and not used is refused with
what to write.

- \`ALLOWED_ORIGINS\`: any scheme (\`https\`, \`capacitor\`, \`tauri\`), capitals, the default port, a slash at the end, \`:*\`
  for any port; refused: no scheme, a path, \`*\` in the host, \`*\` or \`null\` alone, \`wss\`
- \`REDIS_NODES\`, \`CHAT_SERVICE_TARGETS\`: host or IPv4 or \`[IPv6]\`, with or without port, capitals, \`redis://\` or
  \`grpc://\`, \`http://\`, \`dns:///\`, the second \`k8s:///\` before, a slash behind; refused: IPv6 without brackets, a
  password, a database, a scheme of TLS (\`REDIS_TLS\` says that)
- \`HOST\`, \`GRPC_HOST\`: an address, IPv6 with or without brackets, a name; refused: a scheme, a port, \`*\`
- \`JWT_JWKS_URL\`, \`OTEL_EXPORTER_OTLP_ENDPOINT\`: http and https URLs, capitals, the default port; the second with or
  without a slash at the end; refused: no scheme; the second with \`/v1/traces\`
- \`MONGO_URI\`: \`mongodb://HOSTS/DATABASE\`, \`mongodb+srv://HOST/DATABASE\`, options; refused: no database

`;
writeFileSync(
  target,
  introduction +
    renderConfigMarkdown(
      [
        gatewayConfig,
        chatServiceConfig,
        jobsConfig,
        bootstrapConfig,
        rollConfig,
        redisJobsConfig,
        secretsJobConfig,
      ].flatMap(describeConfig),
    ),
);
