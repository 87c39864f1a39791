import { z } from 'zod';
import { successOf } from './answer.js';
import { count, millis } from './fields.js';
import { typeNames } from './type-names.js';

const job = z.string().describe('Command of the job: `seal-month`');

/** What a job has begun with a month and not ended. */
export const MonthWork = z.object({
  job,
  step: z.string().describe('The last step that was begun'),
  startedAt: millis,
});

/** A month's copy in the archive. */
export const MonthArchive = z.object({
  bytes: count.describe('Of all its objects'),
  flippedAt: millis.exactOptional().describe('From when on it is read, Unix milliseconds'),
  droppedAt: millis.exactOptional().describe('When the collection in MongoDB was dropped, Unix milliseconds'),
});

/** What is done to a month next. */
export const NextStep = z.object({
  job,
  what: z.string().describe('What is done: `move to warm`'),
  reason: z.string().describe('Why, for people'),
  notBefore: millis.exactOptional().describe('Unix milliseconds; absent when it is due'),
});

/** Which storage a month is on. */
export const MonthTier = z.enum(['hot', 'warm', 'cold', 'archive']);

/** Open months take messages, archived ones are read from the archive. */
export const MonthState = z.enum(['OPEN', 'SEALED', 'ARCHIVED']);

/** A month of messages. */
export const Month = z
  .object({
    monthYear: z.string().describe('`YYYY-MM`, in UTC'),
    tier: MonthTier.describe('Which storage it is on'),
    state: MonthState.describe('Open ones take messages, archived ones are read from the archive'),
    messages: count.describe('Counted when it was sealed; of an open one all records, about'),
    bytes: count.describe('On the disks of MongoDB, one copy, with indexes; 0 when it lies in the archive alone'),
    sealedAt: millis.exactOptional(),
    verifiedAt: millis.exactOptional().describe('When it was last found right, Unix milliseconds'),
    archive: MonthArchive.exactOptional().describe('Its copy in the archive'),
    work: MonthWork.exactOptional().describe('What a job has begun and not ended'),
    next: NextStep.exactOptional().describe('Absent when nothing is left to do'),
  })
  .describe('A month of messages, as the jobs know it')
  .register(typeNames, { name: 'Month' });

/** Things of one kind that are wrong. */
export const JobFinding = z.object({
  kind: z.string().describe('A word of the job: `placement`'),
  count: count.describe('How many there are'),
});

/** How a job is. `found`: something is wrong and was left; `lost`: begun two days ago and not ended. */
export const JobState = z.enum(['never', 'running', 'done', 'found', 'refused', 'failed', 'lost']);

/** The last runs of a job. */
export const JobRun = z
  .object({
    job,
    state: JobState.describe('`found`: something is wrong and was left; `lost`: begun two days ago and not ended'),
    begunAt: millis.exactOptional(),
    endedAt: millis.exactOptional().describe('The last end, of a run before when this one is running'),
    succeededAt: millis.exactOptional().describe('When it last did all that it had to, Unix milliseconds'),
    findings: z.array(JobFinding).describe('What the last run that ended found wrong and left'),
    note: z.string().describe('The last that it told, or why it failed'),
  })
  .describe('The last runs of a job that runs by a timer')
  .register(typeNames, { name: 'JobRun' });

/** Months and jobs. */
export const MonthInventory = z
  .object({
    months: z.array(Month).describe('The newest first'),
    jobs: z.array(JobRun).describe('Each that runs by a timer, also where it never did'),
  })
  .describe('What is known of all months and of the jobs on them')
  .register(typeNames, { name: 'MonthInventory' });

/** Months and jobs were read. */
export const MonthInventoryResponse = successOf(MonthInventory);
