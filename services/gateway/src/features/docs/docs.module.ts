import { Module } from '@nestjs/common';
import { ApiDocs } from './api-docs.js';
import { DocsController } from './docs.controller.js';

/** The description of the API. */
@Module({
  controllers: [DocsController],
  providers: [{ provide: ApiDocs, useFactory: () => ApiDocs.load() }],
})
export class DocsModule {}
