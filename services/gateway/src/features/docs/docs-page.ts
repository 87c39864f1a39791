import type { openApiDocument } from './openapi-document.js';

/** A page that shows the OpenAPI document to people. It loads nothing from anywhere. Pure. */
export function docsPage({ info, paths }: ReturnType<typeof openApiDocument>): string {
  const sections = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => section(method, path, operation as ShownOperation)),
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escape(info.title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
pre{background:#f4f4f4;color:#222;padding:1rem;overflow:auto}code b{text-transform:uppercase}</style></head>
<body><h1>${escape(info.title)}</h1><p>${escape(info.description)}
Machine readable: <a href="docs/openapi.json">OpenAPI</a>, <a href="docs/asyncapi.json">AsyncAPI of the socket events</a>.</p>
${sections.join('\n')}</body></html>
`;
}

interface ShownOperation {
  readonly summary: string;
  readonly parameters: readonly object[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
}

function section(method: string, path: string, operation: ShownOperation): string {
  const { summary, parameters, requestBody, responses } = operation;
  const parts = [
    parameters.length > 0 ? details('Parameters', parameters) : '',
    requestBody ? details('Body', requestBody) : '',
    details('Answer', responses['200']),
  ];
  return `<section><h2><code><b>${method}</b> ${escape(path)}</code></h2><p>${escape(summary)}</p>${parts.join('')}</section>`;
}

function details(title: string, value: unknown): string {
  return `<details><summary>${title}</summary><pre>${escape(JSON.stringify(value, null, 2))}</pre></details>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
