/**
 * What CHANGELOG.md says of a version, without its heading: the notes of the release. Throws when there is no such section, when
 * it has no date, or when it is empty. Pure.
 */
export function releaseNotes(changelog: string, version: string): string {
  const heading = new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\](.*)$`, 'm').exec(changelog);
  if (!heading) throw new Error(`CHANGELOG.md has no section ## [${version}] - YYYY-MM-DD`);
  if (!/^ - \d{4}-\d{2}-\d{2}$/.test(heading[1] ?? '')) {
    throw new Error(`CHANGELOG.md: the section of ${version} has no date: ## [${version}] - YYYY-MM-DD`);
  }
  const rest = changelog.slice(heading.index + heading[0].length);
  const end = rest.search(/^## /m);
  const notes = (end < 0 ? rest : rest.slice(0, end)).trim();
  if (notes === '') throw new Error(`CHANGELOG.md: the section of ${version} is empty`);
  return `${notes}\n`;
}
