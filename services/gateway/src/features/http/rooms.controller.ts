import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, UseGuards, UseInterceptors } from '@nestjs/common';
import type { ChatRoom } from '@parlance/proto';
import type { Answer } from '../../answers/answer.js';
import { HttpAuthGuard } from '../auth/guards/http-auth.guard.js';
import type { Caller } from '../auth/tokens/caller.js';
import { ChatDistributorService } from '../websocket/chat/chat-distributor.service.js';
import { createRoomDto } from '../websocket/chat/dto/create-room.dto.js';
import { joinRoomDto } from '../websocket/chat/dto/join-room.dto.js';
import { listRoomsDto } from '../websocket/chat/dto/list-rooms.dto.js';
import { updateRoomDto } from '../websocket/chat/dto/update-room.dto.js';
import { validate } from '../websocket/chat/dto/validate.js';
import { AnswerInterceptor } from './answer.interceptor.js';
import { withBody, withNumbers, withRoom } from './http-payload.js';
import { RequestCaller } from './request-caller.decorator.js';

/** Rooms over HTTP: the same operations, rules and answers as the socket events. */
@Controller('api/v1/rooms')
@UseGuards(HttpAuthGuard)
@UseInterceptors(AnswerInterceptor)
export class RoomsController {
  constructor(private readonly distributor: ChatDistributorService) {}

  @Post()
  @HttpCode(200)
  createRoom(@RequestCaller() caller: Caller, @Body() body: unknown): Promise<Answer<ChatRoom>> {
    return this.distributor.createRoom(caller, validate(createRoomDto, withBody(body)));
  }

  @Get()
  listRooms(
    @RequestCaller() caller: Caller,
    @Query() query: Record<string, unknown>,
  ): Promise<Answer<readonly ChatRoom[]>> {
    return this.distributor.listRooms(caller, validate(listRoomsDto, withNumbers(query)));
  }

  @Get(':roomId')
  getRoom(
    @RequestCaller() caller: Caller,
    @Param('roomId') roomId: string,
    @Query() query: Record<string, unknown>,
  ): Promise<Answer<ChatRoom>> {
    return this.distributor.getRoom(caller, validate(joinRoomDto, withRoom(roomId, { ...query })));
  }

  @Patch(':roomId')
  updateRoom(
    @RequestCaller() caller: Caller,
    @Param('roomId') roomId: string,
    @Body() body: unknown,
  ): Promise<Answer<ChatRoom>> {
    return this.distributor.updateRoom(caller, validate(updateRoomDto, withRoom(roomId, body)));
  }
}
