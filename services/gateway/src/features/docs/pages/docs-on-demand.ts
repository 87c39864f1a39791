import type { ApiDocs } from './api-docs.js';

/**
 * What `/api/docs` serves, loaded and made when the first one asks for it: who is never asked pays neither memory nor time at its
 * start.
 */
export class DocsOnDemand {
  private docs: Promise<ApiDocs> | undefined;

  /** The same for everybody. */
  load(): Promise<ApiDocs> {
    this.docs ??= import('./api-docs.js').then(({ ApiDocs }) => ApiDocs.load());
    return this.docs;
  }
}
