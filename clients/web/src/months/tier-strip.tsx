import type { Month } from '@parlance/client';
import { Fragment, type JSX } from 'preact';
import { bytesOf, bytesText } from './month-text.js';

/** From the fastest storage to the cheapest. */
const tiers = ['hot', 'warm', 'cold', 'archive'] as const;

/** How many months lie on which storage, in the order in which they go through it. */
export function TierStrip({ months }: { readonly months: readonly Month[] }): JSX.Element {
  return (
    <ol class="tier-strip" aria-label="Months by tier">
      {tiers.map((tier, index) => {
        const own = months.filter((month) => month.tier === tier);
        const bytes = own.reduce((sum, month) => sum + bytesOf(month), 0);
        return (
          <Fragment key={tier}>
            {index > 0 && (
              <li class="tier-arrow" aria-hidden="true">
                →
              </li>
            )}
            <li class={`tier-box tier-${tier}`}>
              <span class="tier-name">{tier}</span>
              <strong>{own.length === 1 ? '1 month' : `${own.length} months`}</strong>
              <span class="muted">{bytesText(bytes)}</span>
            </li>
          </Fragment>
        );
      })}
    </ol>
  );
}
