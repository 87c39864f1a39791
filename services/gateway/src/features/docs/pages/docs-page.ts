/**
 * The page at `/api/docs`: a list of all operations and socket events, which the reference replaces as soon as its script is
 * there. Who has no script, or no patience, reads the list. It loads nothing from elsewhere. Pure.
 *
 * @param scripts addresses on this gateway; none where the reference was not built.
 */
export function docsPage(openApi: OpenApi, asyncApi: AsyncApi, scripts: readonly string[]): string {
  const operations = Object.entries(openApi.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary }]) => row(`${method.toUpperCase()} ${path}`, summary)),
  );
  const events = Object.entries(asyncApi.operations).map(([name, operation]) => {
    const { action, messages } = operation as AsyncOperation;
    const [message] = messages.map(({ $ref }) => pointed(asyncApi, $ref));
    return row(
      message?.name ?? name,
      `${action === 'send' ? 'From the gateway' : 'To the gateway'}. ${message?.summary ?? ''}`,
    );
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Parlance API</title><link rel="icon" href="data:,">
<style>.list{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}
.list dd{margin:0 0 .75rem}</style></head>
<body><div id="reference"><main class="list"><h1>Parlance API</h1>
<p>For machines: <a href="/api/docs/openapi.json">OpenAPI</a>, <a href="/api/docs/asyncapi.json">AsyncAPI of the socket events</a>.</p>
<h2>HTTP</h2><dl>${operations.join('\n')}</dl>
<h2>Socket events</h2><dl>${events.join('\n')}</dl></main></div>
${scripts.map((address) => `<script src="${escape(address)}"></script>`).join('\n')}</body></html>
`;
}

/** What the page reads of an OpenAPI document. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, object & { readonly summary?: string }>>>>;
}

/** What the page reads of an AsyncAPI document. */
export interface AsyncApi {
  /** Each an {@link AsyncOperation}. */
  readonly operations: Readonly<Record<string, object>>;
}

interface AsyncOperation {
  readonly action: string;
  readonly messages: readonly { readonly $ref: string }[];
}

interface AsyncMessage {
  readonly $ref?: string;
  readonly name?: string;
  readonly summary?: string;
}

/** What a reference of a document points at, through further ones. */
function pointed(document: object, reference: string): AsyncMessage | undefined {
  let found: unknown = document;
  for (const part of reference.replace('#/', '').split('/')) {
    found = (found as Readonly<Record<string, unknown>> | undefined)?.[
      part.replaceAll('~1', '/').replaceAll('~0', '~')
    ];
  }
  const message = found as AsyncMessage | undefined;
  return message?.$ref === undefined ? message : pointed(document, message.$ref);
}

function row(term: string, text = ''): string {
  return `<dt><code>${escape(term)}</code></dt><dd>${escape(text)}</dd>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
