/** Number of avatar colours; `avatar.css` has a rule for each. */
const colourCount = 8;

/** The colour of an id, 0 to 7: always the same one for the same id (FNV-1a). Pure. */
export function stableColour(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % colourCount;
}
