import { z } from 'zod';

/** Schema of an http or https URL. Becomes the form that a browser would show: host in lower case, no default port. */
export function httpUrl() {
  return z
    .string()
    .meta({ title: 'URL' })
    .transform((text, context): string => {
      const url = /^https?:\/\/[^/]/i.test(text.trim()) ? URL.parse(text.trim()) : null;
      if (url !== null) return url.href;
      context.addIssue({ code: 'custom', message: 'must be a URL that begins with http:// or https://' });
      return z.NEVER;
    });
}
