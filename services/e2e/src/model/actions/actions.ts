import type { Bounds } from '../bounds.js';
import { giveUp, send } from './client-actions.js';
import { crash, expire, failOver, moveClock, stepCounterBack, timeOut } from './fault-actions.js';
import { insert, land } from './insert-actions.js';
import { closeMonth, landSeal } from './month-actions.js';
import { landLate, replicate } from './server-actions.js';
import type { Action } from './step.js';
import { load } from './tail-actions.js';
import { answerResume, checkHeads, comeBack, confirm, deliver, goAway, pull, takeResume } from './viewer-actions.js';

const writing: readonly Action[] = [
  send,
  giveUp,
  load,
  insert,
  land,
  closeMonth,
  landSeal,
  replicate,
  landLate,
  expire,
  timeOut,
  crash,
  failOver,
  moveClock,
  stepCounterBack,
];

const listening: readonly Action[] = [deliver, checkHeads, pull, goAway, comeBack, confirm, answerResume, takeResume];

/** Everything that can happen in a world within these bounds. */
export function actionsWithin({ viewer }: Bounds): readonly Action[] {
  return viewer === 1 ? [...writing, ...listening] : writing;
}
