import { type DynamicModule, Module } from '@nestjs/common';
import type { HealthRegistry, Logger } from '@parlance/runtime';
import type { GatewayConfig } from './config.js';
import { DocsModule } from './features/docs/docs.module.js';
import { HttpModule } from './features/http/http.module.js';
import { ChatModule } from './features/websocket/chat/chat.module.js';
import { CONFIG, HEALTH, LOGGER, METRICS } from './injection-tokens.js';
import type { GatewayMetrics } from './metrics.js';

/** The gateway. */
@Module({ imports: [ChatModule, HttpModule, DocsModule] })
export class AppModule {
  /** The module with what the process made before Nest; that part is visible everywhere. */
  static with({ config, logger, metrics, health }: GatewayParts): DynamicModule {
    return {
      module: AppModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useValue: logger },
        { provide: METRICS, useValue: metrics },
        { provide: HEALTH, useValue: health },
      ],
      exports: [CONFIG, LOGGER, METRICS, HEALTH],
    };
  }
}

/** What exists before Nest starts. */
export interface GatewayParts {
  readonly config: GatewayConfig;
  readonly logger: Logger;
  readonly metrics: GatewayMetrics;
  readonly health: HealthRegistry;
}
