import { asyncApiDocument } from '../asyncapi-document.js';
import { openApiDocument } from '../openapi-document.js';
import { docsPage } from './docs-page.js';
import { readReferenceScript } from './reference-script.js';
import { ServedFile } from './served-file.js';
import { startScript } from './start-script.js';

const json = 'application/json; charset=utf-8';

/** All that `/api/docs` serves. */
export class ApiDocs {
  private constructor(
    readonly page: ServedFile,
    /** By their name below `/api/docs/`. */
    readonly files: ReadonlyMap<string, ServedFile>,
  ) {}

  /** Makes it of the documents and of the script that was packed, if one was. */
  static async load(): Promise<ApiDocs> {
    const [openApi, asyncApi] = [openApiDocument(), asyncApiDocument()];
    const [script, ...documents] = await Promise.all([
      readReferenceScript(),
      ServedFile.of(JSON.stringify(openApi), json),
      ServedFile.of(JSON.stringify(asyncApi), json),
    ]);
    const files = new Map([
      ['openapi.json', documents[0]],
      ['asyncapi.json', documents[1]],
    ]);
    const scripts: string[] = [];
    const add = (name: string, file: ServedFile): void => {
      files.set(name, file);
      scripts.push(`/api/docs/${name}`);
    };
    if (script !== undefined) {
      const [scheme] = Object.keys(openApi.components.securitySchemes);
      add(`reference-${script.hash}.js`, script);
      add('start.js', await ServedFile.of(startScript(scheme), 'text/javascript; charset=utf-8'));
    }
    return new ApiDocs(await ServedFile.of(docsPage(openApi, asyncApi, scripts), 'text/html; charset=utf-8'), files);
  }
}
