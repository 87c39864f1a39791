import type { MonthInventory } from '@parlance/client';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../parts/icon.js';
import { clockTime } from '../parts/relative-time.js';
import { JobTable } from './job-table.js';
import { MonthTable } from './month-table.js';
import { TierStrip } from './tier-strip.js';
import { useMonths } from './use-months.js';

/** For operators: all months from hot to archived, what is done to each next and why, and how the jobs ended. */
export function MonthsPage({ read, onClose }: MonthsPageProps): JSX.Element {
  const { inventory, readAt, problem, isReading, refresh } = useMonths(read);
  const page = useRef<HTMLElement>(null);
  useEffect(() => page.current?.focus(), []);
  const closeByKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onClose();
  };
  return (
    <main ref={page} class="months-page" aria-label="Months and jobs" tabIndex={-1} onKeyDown={closeByKey}>
      <header class="months-header">
        <button
          type="button"
          class="icon-button"
          onClick={onClose}
          aria-label="Back to the chat"
          title="Back to the chat"
        >
          <Icon name="back" />
        </button>
        <h1>Months and jobs</h1>
        <span class="muted months-read" aria-live="polite">
          {readAt === undefined ? '' : `as of ${clockTime(readAt)}`}
        </span>
        <button type="button" class="button" disabled={isReading} onClick={() => void refresh()}>
          {isReading ? 'Reading…' : 'Refresh'}
        </button>
      </header>
      <div class="months-scroll" aria-busy={isReading}>
        {problem !== undefined && (
          <p class="form-problem" role="alert">
            {problem}
          </p>
        )}
        {inventory === undefined ? isReading && <Reading /> : <Inventory {...inventory} />}
      </div>
    </main>
  );
}

/** See {@link MonthsPage}. */
export interface MonthsPageProps {
  readonly read: () => Promise<MonthInventory>;
  readonly onClose: () => void;
}

function Inventory({ months, jobs }: MonthInventory): JSX.Element {
  return (
    <>
      <TierStrip months={months} />
      <section class="months-section" aria-labelledby="months-title">
        <h2 id="months-title">Months</h2>
        {months.length > 0 ? (
          <MonthTable months={months} />
        ) : (
          <p class="muted">
            No month is registered yet: <code>jobs create-months</code> creates the first.
          </p>
        )}
      </section>
      <section class="months-section" aria-labelledby="jobs-title">
        <h2 id="jobs-title">Jobs</h2>
        <JobTable jobs={jobs} />
      </section>
    </>
  );
}

function Reading(): JSX.Element {
  return <p class="muted months-note">Reading what the jobs know…</p>;
}
