import type { ModuleMetadata } from '@nestjs/common';
import { DocsController } from './docs.controller.js';
import { DocsOnDemand } from './docs-on-demand.js';

/** Nest's part of the documentation. Where `API_DOCS` is off there is none, and its paths do not exist. */
export function docsParts({ apiDocs }: { readonly apiDocs: boolean }): DocsParts {
  if (!apiDocs) return { controllers: [], providers: [] };
  return { controllers: [DocsController], providers: [{ provide: DocsOnDemand, useValue: new DocsOnDemand() }] };
}

/** For a module of Nest. */
export type DocsParts = Required<Pick<ModuleMetadata, 'controllers' | 'providers'>>;
