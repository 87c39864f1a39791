import type { ServerResponse } from 'node:http';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { type HealthRegistry, livez, type ProbeAnswer, readyz, renderMetrics } from '@parlance/runtime';
import type { GatewayMetrics } from '../../metrics.js';
import { HEALTH, METRICS } from '../../tokens.js';

/** Probes and metrics, on the port of everything else. */
@Controller()
export class HealthController {
  constructor(
    @Inject(HEALTH) private readonly health: HealthRegistry,
    @Inject(METRICS) private readonly metrics: GatewayMetrics,
  ) {}

  @Get('livez')
  livez(@Res() response: ServerResponse): void {
    send(response, livez(this.health));
  }

  @Get('readyz')
  readyz(@Res() response: ServerResponse): void {
    send(response, readyz(this.health));
  }

  @Get('metrics')
  async scrape(@Res() response: ServerResponse): Promise<void> {
    const { contentType, body } = await renderMetrics(this.metrics.registry);
    response.setHeader('content-type', contentType).end(body);
  }
}

function send(response: ServerResponse, { statusCode, body }: ProbeAnswer<unknown>): void {
  response.statusCode = statusCode;
  response
    .setHeader('content-type', 'application/json; charset=utf-8')
    .setHeader('cache-control', 'no-store')
    .end(JSON.stringify(body));
}
