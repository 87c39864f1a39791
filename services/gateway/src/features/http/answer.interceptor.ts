import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { AckSuccess } from '@parlance/proto';
import { map, type Observable } from 'rxjs';
import type { Answer } from '../../answers/answer.js';
import { RequestJournal } from '../../answers/request-journal.js';
import type { ChatRequest } from '../auth/guards/chat-request.js';

/** Puts what a controller returns into the envelope, and its end into the journal. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor<Answer<unknown>, AckSuccess<unknown>> {
  constructor(private readonly journal: RequestJournal) {}

  intercept(context: ExecutionContext, next: CallHandler<Answer<unknown>>): Observable<AckSuccess<unknown>> {
    const request = context.switchToHttp().getRequest<ChatRequest>();
    const event = request.operation ?? 'http unknown';
    return next.handle().pipe(
      map((answer) => {
        const { caller, traceId, startedAt, span } = request;
        return this.journal.succeeded({ event, userId: caller?.userId, traceId, startedAt, span }, answer);
      }),
    );
  }
}
