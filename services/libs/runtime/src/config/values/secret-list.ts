import { z } from 'zod';

/**
 * Schema of a secret that can be changed without an outage: one or several, separated by commas. All of them are accepted,
 * the first one is used. Blanks around an item are not part of it, and no item can hold a comma.
 */
export function secretList(minLength = 32) {
  return z
    .string()
    .meta({ title: `comma-separated list of secrets, each at least ${minLength} characters` })
    .transform((text, context): SecretList => {
      const items = text.split(',').map((item) => item.trim());
      const short = items.findIndex((item) => item.length < minLength);
      if (short >= 0) {
        const what = items.length === 1 ? '' : `item ${short + 1} `;
        context.addIssue({ code: 'custom', message: `${what}must have at least ${minLength} characters` });
      }
      const [first = '', ...others] = items;
      return [first, ...others];
    });
}

/** At least one secret; the first is the one to use. */
export type SecretList = readonly [string, ...string[]];
