import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import type { AckSuccess } from '@parlance/proto';
import { operations } from '@parlance/proto/operations';
import { toSuccess } from '../../answers/ack.mapper.js';
import { type DevToken, DevTokenService } from '../auth/tokens/dev-token.service.js';
import { validate } from '../websocket/chat/dto/validate.js';
import { withBody } from './http-payload.js';

/** `POST /api/v1/dev/token`: a token for anyone, where `DEV_TOKENS` allows it; elsewhere the path does not exist. */
@Controller('api/v1/dev/token')
export class DevTokenController {
  constructor(private readonly tokens: DevTokenService) {}

  @Post()
  @HttpCode(200)
  async create(@Body() body: unknown): Promise<AckSuccess<DevToken>> {
    const { userId } = validate(operations.createDevToken.payload, withBody(body));
    const { data, now } = await this.tokens.issue(userId);
    return toSuccess({ data }, now);
  }
}
