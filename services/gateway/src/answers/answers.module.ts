import { Module } from '@nestjs/common';
import { RequestJournal } from './request-journal.js';

/** What every transport does with the end of a request. */
@Module({ providers: [RequestJournal], exports: [RequestJournal] })
export class AnswersModule {}
