import { type CanActivate, Inject, Injectable, NotFoundException } from '@nestjs/common';
import type { GatewayConfig } from '../../config.js';
import { CONFIG } from '../../injection-tokens.js';

/** Where `API_DOCS` is off, the paths of the documentation do not exist. */
@Injectable()
export class DocsGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: GatewayConfig) {}

  canActivate(): boolean {
    if (!this.config.apiDocs) throw new NotFoundException();
    return true;
  }
}
