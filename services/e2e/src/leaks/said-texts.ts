import { SecretTexts } from './secret-texts.js';

/** Texts that clients of tests have sent in this process. */
export const saidTexts = new SecretTexts();

/** Notes the text and the metadata of what a client is about to send; takes anything, as clients of tests send it. */
export function noteSaid(payload: unknown): void {
  if (typeof payload !== 'object' || payload === null) return;
  const { content, metadata } = payload as { readonly content?: unknown; readonly metadata?: unknown };
  if (typeof content === 'string') saidTexts.add(content);
  if (typeof metadata !== 'object' || metadata === null) return;
  for (const value of Object.values(metadata)) if (typeof value === 'string') saidTexts.add(value);
}
