import type { ModuleMetadata } from '@nestjs/common';
import { ApiDocs } from './api-docs.js';
import { DocsController } from './docs.controller.js';

/** Nest's part of the documentation. Where `API_DOCS` is off there is none, and its paths do not exist. */
export async function docsParts({ apiDocs }: { readonly apiDocs: boolean }): Promise<DocsParts> {
  if (!apiDocs) return { controllers: [], providers: [] };
  return { controllers: [DocsController], providers: [{ provide: ApiDocs, useValue: await ApiDocs.load() }] };
}

/** For a module of Nest. */
export type DocsParts = Required<Pick<ModuleMetadata, 'controllers' | 'providers'>>;
