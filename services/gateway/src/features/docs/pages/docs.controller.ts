import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, NotFoundException, Param, Req, Res } from '@nestjs/common';
import { ApiDocs } from './api-docs.js';

/** The page takes everything from this gateway and asks nobody else. The reference writes styles into its elements. */
const pageHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'unsafe-inline'",
    "connect-src 'self'",
    'img-src data:',
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
};

/** `/api/docs`: the API described, for people and for machines. */
@Controller('api/docs')
export class DocsController {
  constructor(private readonly docs: ApiDocs) {}

  @Get()
  page(@Req() request: IncomingMessage, @Res() response: ServerResponse): void {
    this.docs.page.answer(request, response, pageHeaders);
  }

  @Get(':name')
  file(@Req() request: IncomingMessage, @Res() response: ServerResponse, @Param('name') name: string): void {
    const file = this.docs.files.get(name);
    if (file === undefined) throw new NotFoundException();
    file.answer(request, response);
  }
}
