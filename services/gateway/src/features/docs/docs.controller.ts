import { Controller, Get, Header } from '@nestjs/common';
import { asyncApiDocument } from './asyncapi-document.js';
import { docsPage } from './docs-page.js';
import { openApiDocument } from './openapi-document.js';

/** `/api/docs`: the API described, for people and for machines. */
@Controller('api/docs')
export class DocsController {
  private readonly openApi = openApiDocument();
  private readonly asyncApi = asyncApiDocument();
  private readonly html = docsPage(this.openApi);

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
  page(): string {
    return this.html;
  }

  @Get('openapi.json')
  openApiJson(): object {
    return this.openApi;
  }

  @Get('asyncapi.json')
  asyncApiJson(): object {
    return this.asyncApi;
  }
}
