import { writeFileSync } from 'node:fs';
import { createChatMetrics } from '@parlance/chat-service/metrics';
import { createGatewayMetrics } from '@parlance/gateway/metrics';
import { metricsPage } from './metrics-page.js';

/** Writes docs/metrics.md from what both services declare. */
const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('usage: write-metrics-page FILE');
const registries = { Gateway: createGatewayMetrics('').registry, 'Chat service': createChatMetrics('').registry };
writeFileSync(target, await metricsPage(registries));
