import { expect, it } from 'vitest';
import { attachmentsFault } from './attachments.js';

const image = { objectId: 'obj-1', name: 'cat.png', mimeType: 'image/png', sizeBytes: 5, width: 10, height: 10 };

it('takes none, some, and what has no size in pixels', () => {
  expect(attachmentsFault(undefined)).toBeUndefined();
  expect(attachmentsFault([])).toBeUndefined();
  expect(
    attachmentsFault([image, { objectId: 'o', name: 'a.pdf', mimeType: 'application/pdf', sizeBytes: 0 }]),
  ).toBeUndefined();
});

it.each<[what: string, attachments: unknown, fault: RegExp]>([
  ['text', 'zzz', /must be a list/],
  ['eleven of them', Array.from({ length: 11 }, () => image), /more than 10/],
  ['null inside', [null], /\[0\] must be an object/],
  ['an unknown field', [{ ...image, url: 'x' }], /unknown field/],
  ['an id with braces', [image, { ...image, objectId: '{x}' }], /\[1\]\.objectId/],
  ['no name', [{ ...image, name: '' }], /\.name/],
  ['a media type that is none', [{ ...image, mimeType: 'png' }], /\.mimeType/],
  ['a negative size', [{ ...image, sizeBytes: -1 }], /\.sizeBytes/],
  ['half a pixel', [{ ...image, width: 0.5 }], /\.width/],
])('finds fault with %s', (_what, attachments, fault) => {
  expect(attachmentsFault(attachments)).toMatch(fault);
});
