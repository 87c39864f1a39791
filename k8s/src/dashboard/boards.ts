import { capacity } from './boards/capacity.js';
import { chatService } from './boards/chat-service.js';
import { gateway } from './boards/gateway.js';
import { jobs } from './boards/jobs.js';
import { messageLog } from './boards/message-log.js';
import { mongodb } from './boards/mongodb.js';
import { overview } from './boards/overview.js';
import { redis } from './boards/redis.js';
import type { Board } from './panel.js';

/** All dashboards of the chart. */
export const boards: readonly Board[] = [overview, gateway, chatService, messageLog, jobs, redis, mongodb, capacity];
