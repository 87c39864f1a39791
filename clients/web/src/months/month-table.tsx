import type { Month } from '@parlance/client';
import type { JSX } from 'preact';
import { fullTime, relativeTime } from '../parts/relative-time.js';
import { useNow } from '../parts/use-now.js';
import { bytesOf, bytesText, dayText, monthText } from './month-text.js';
import { Tag } from './tag.js';

const stateTexts: Readonly<Record<Month['state'], string>> = { OPEN: 'open', SEALED: 'sealed', ARCHIVED: 'archived' };

/** All months, a row each; on a phone a card each. */
export function MonthTable({ months }: { readonly months: readonly Month[] }): JSX.Element {
  return (
    <table class="facts">
      <thead>
        <tr>
          <th scope="col">Month</th>
          <th scope="col">Tier</th>
          <th scope="col">State</th>
          <th scope="col" class="facts-number">
            Messages
          </th>
          <th scope="col" class="facts-number">
            Size
          </th>
          <th scope="col">Verified</th>
          <th scope="col">Next step</th>
        </tr>
      </thead>
      <tbody>
        {months.map((month) => (
          <MonthRow key={month.monthYear} month={month} />
        ))}
      </tbody>
    </table>
  );
}

function MonthRow({ month }: { readonly month: Month }): JSX.Element {
  const now = useNow();
  const { monthYear, tier, state, messages, verifiedAt } = month;
  return (
    <tr data-month={monthYear}>
      <th scope="row">{monthText(monthYear)}</th>
      <td data-label="Tier">
        <Tag tone={tier}>{tier}</Tag>
      </td>
      <td data-label="State">{stateTexts[state] ?? state}</td>
      <td data-label="Messages" class="facts-number">
        {state === 'OPEN' && messages > 0 ? '≈ ' : ''}
        {messages.toLocaleString()}
      </td>
      <td data-label="Size" class="facts-number">
        {bytesText(bytesOf(month))}
      </td>
      <td data-label="Verified">
        {verifiedAt === undefined ? (
          <span class="muted">{state === 'OPEN' ? '–' : 'never'}</span>
        ) : (
          <time title={fullTime(verifiedAt)}>{relativeTime(verifiedAt, now)}</time>
        )}
      </td>
      <td data-label="Next step" class="facts-wide">
        <NextStep month={month} now={now} />
      </td>
    </tr>
  );
}

function NextStep({ month: { next, state, work }, now }: { readonly month: Month; readonly now: number }): JSX.Element {
  if (!next) return <span class="muted">{state === 'ARCHIVED' ? 'none: it stays in the archive' : 'none'}</span>;
  return (
    <>
      <span class="next-what">{next.what}</span>{' '}
      {work ? <Tag tone="work">under way</Tag> : <Due at={next.notBefore} now={now} />}
      <span class="next-reason muted">
        {next.job}: {next.reason}
      </span>
    </>
  );
}

function Due({ at, now }: { readonly at: number | undefined; readonly now: number }): JSX.Element {
  if (at === undefined || at <= now) return <Tag tone="due">due</Tag>;
  return (
    <span class="muted" title={fullTime(at)}>
      from {dayText(at)}
    </span>
  );
}
