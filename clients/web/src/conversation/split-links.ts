/**
 * Cuts text into plain parts and links. Only `http:`, `https:` and `www.` become links; punctuation that ends a sentence
 * and a bracket that was not opened inside stay outside. The parts joined are the text. Pure.
 */
export function splitLinks(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(candidate)) {
    const link = withoutTrailing(match[0]);
    const href = hrefOf(link);
    if (href === undefined) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ text: link, href });
    end = match.index + link.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** A piece of text; with `href`, a link. */
export interface TextPart {
  readonly text: string;
  readonly href?: string;
}

const candidate = /(?<![\p{L}\p{N}@/])(?:https?:\/\/|www\.)[^\s<>"]+/giu;

function withoutTrailing(link: string): string {
  const trimmed = link.replace(/[.,;:!?'*_~]+$/u, '');
  const closing = brackets[trimmed.at(-1) ?? ''];
  if (closing === undefined || count(trimmed, closing) >= count(trimmed, trimmed.at(-1) ?? '')) return trimmed;
  return withoutTrailing(trimmed.slice(0, -1));
}

const brackets: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function hrefOf(link: string): string | undefined {
  const url = URL.parse(/^www\./i.test(link) ? `https://${link}` : link);
  if (url === null || !/^https?:$/.test(url.protocol) || !/[^.]/.test(url.hostname)) return undefined;
  return /^www\./i.test(link) && !/^www\.[^.]+/i.test(url.hostname) ? undefined : url.href;
}
