import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Schema of the absolute path of a PEM file; it must be readable and hold at least one block of that label. */
export function pemFile(label: 'CERTIFICATE' | 'PRIVATE KEY') {
  return z
    .string()
    .meta({ title: 'path of a file' })
    .superRefine((path, context) => {
      const fault = faultOf(path, label);
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
    });
}

function faultOf(path: string, label: string): string | undefined {
  // Whoever takes it for the text itself must not find it in the log.
  if (!path.startsWith('/')) return 'must be the absolute path of a file';
  try {
    // A key may be of a kind: RSA PRIVATE KEY.
    const holds = new RegExp(`^-----BEGIN (?:[A-Z]+ )?${label}-----`, 'm').test(readFileSync(path, 'utf8'));
    return holds ? undefined : `holds no ${label} (PEM): ${path}`;
  } catch (thrown) {
    return `cannot be read: ${path}: ${thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown)}`;
  }
}
