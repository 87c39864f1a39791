/** A name that no other run, and no other part of this one, has. */
export function runName(): string {
  return `load-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
}
