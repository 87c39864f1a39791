import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, NotFoundException, Param, Req, Res } from '@nestjs/common';
import { DocsOnDemand } from './docs-on-demand.js';

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
  constructor(private readonly docs: DocsOnDemand) {}

  @Get()
  async page(@Req() request: IncomingMessage, @Res() response: ServerResponse): Promise<void> {
    const { page } = await this.docs.load();
    page.answer(request, response, pageHeaders);
  }

  @Get(':name')
  async file(
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
    @Param('name') name: string,
  ): Promise<void> {
    const { files } = await this.docs.load();
    const file = files.get(name);
    if (file === undefined) throw new NotFoundException();
    file.answer(request, response);
  }
}
