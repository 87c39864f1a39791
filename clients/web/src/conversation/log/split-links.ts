const candidate = /(?<![\p{L}\p{N}@/])(?:https?:\/\/|www\.)[^\s<>"]+/giu;
const openedBy = { ')': '(', ']': '[', '}': '{' } as const;
const punctuation = ".,;:!?'*_~";

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

/** Looks at each character once, however many brackets somebody wrote. */
function withoutTrailing(link: string): string {
  const unopened = new Map(Object.entries(openedBy).map(([closing, opening]) => [closing, -count(link, opening)]));
  for (const [closing, closed] of unopened) unopened.set(closing, closed + count(link, closing));
  let end = link.length;
  for (; end > 0; end -= 1) {
    const last = link[end - 1] ?? '';
    const more = unopened.get(last) ?? 0;
    if (more > 0) unopened.set(last, more - 1);
    else if (!punctuation.includes(last)) break;
  }
  return link.slice(0, end);
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function hrefOf(link: string): string | undefined {
  const url = urlOf(/^www\./i.test(link) ? `https://${link}` : link);
  if (url === undefined || !/^https?:$/.test(url.protocol) || !/[^.]/.test(url.hostname)) return undefined;
  return /^www\./i.test(link) && !/^www\.[^.]+/i.test(url.hostname) ? undefined : url.href;
}

/** `URL.parse` is younger than the oldest browsers that the page is for. */
function urlOf(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
