import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';

/** How the process tells others that it is well. */
@Module({ controllers: [HealthController] })
export class HealthModule {}
