import { operationList, serverEvents } from '@parlance/proto/operations';
import { expect, it } from 'vitest';
import { asyncApiDocument } from '../asyncapi-document.js';
import { openApiDocument } from '../openapi-document.js';
import { docsPage } from './docs-page.js';

it('lists every operation and every socket event for who has no script, with what they are for', () => {
  const page = docsPage(openApiDocument(), asyncApiDocument(), []);
  for (const path of Object.keys(openApiDocument().paths)) expect(page).toContain(` ${path}</code>`);
  for (const [name, { summary }] of [
    ...operationList.filter(({ event }) => event).map((each) => [each.name, each] as const),
    ...Object.entries(serverEvents),
  ]) {
    expect(page).toContain(`<code>${name}</code>`);
    expect(page).toContain(summary);
  }
  expect(page).not.toContain('<script');
});

it('takes its scripts from addresses of its own, and repeats a document as text', () => {
  const openApi = { paths: { '/a': { get: { summary: '<b>&"' } } } };
  const messages = { say: { name: 'say', summary: 'Says.' } };
  const asyncApi = {
    channels: { chat: { messages: { say: { $ref: '#/components/messages/say' } } } },
    components: { messages },
    operations: { onSay: { action: 'send', messages: [{ $ref: '#/channels/chat/messages/say' }] } },
  };
  const page = docsPage(openApi, asyncApi, ['/api/docs/x.js']);
  expect(page).toContain('<dd>&lt;b>&amp;&quot;</dd>');
  expect(page).toContain('<dt><code>say</code></dt><dd>From the gateway. Says.</dd>');
  expect(page.match(/<script[^>]*>/g)).toEqual(['<script src="/api/docs/x.js">']);
});
