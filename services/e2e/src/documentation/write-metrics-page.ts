import { writeFileSync } from 'node:fs';
import { createChatMetrics } from '@parlance/chat-service/metrics';
import { createGatewayMetrics } from '@parlance/gateway/metrics';

/** Writes docs/metrics.md from what both services declare. */
const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('usage: write-metrics-page FILE');
const introduction = `# Metrics

\`GET /metrics\` on \`OPS_PORT\` of the gateway (3001) and of the chat service (4006). No label names a room, a user or an
address. Node's and the process's own metrics (\`nodejs_*\`, \`process_*\`) come with both. \`jobs audit --metrics\` writes
\`chat_audit_*\` into a file ([jobs](../jobs/README.md)). This page is generated from the declarations:
\`make generate\`.
`;
const sections = { Gateway: createGatewayMetrics('').registry, 'Chat service': createChatMetrics('').registry };
const pages = await Promise.all(
  Object.entries(sections).map(async ([name, registry]) => {
    const metrics = (await registry.getMetricsAsJSON()).filter((metric) => metric.name.startsWith('chat_'));
    const entries = metrics.map((metric) => {
      const { labelNames } = registry.getSingleMetric(metric.name) as unknown as {
        readonly labelNames: readonly string[];
      };
      const labels = labelNames.length === 0 ? '' : ` by ${labelNames.map((label) => `\`${label}\``).join(', ')}`;
      return `- \`${metric.name}\` (${metric.type}${labels}): ${metric.help}`
        .replaceAll(/(.{1,118})(?: |$)/g, '$1\n  ')
        .trim();
    });
    return `## ${name}\n\n${entries.join('\n')}\n`;
  }),
);
writeFileSync(target, [introduction, ...pages].join('\n'));
