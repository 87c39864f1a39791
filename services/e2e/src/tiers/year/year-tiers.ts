/** Months cool sooner than by the default policy, so that all tiers are in use for most of the time. */
export function tiersOf(months: number): Readonly<Record<string, string>> {
  const [cold, archive] = months < 12 ? ['2', '3'] : ['3', '5'];
  return { TIER_WARM_AFTER_MONTHS: '1', TIER_COLD_AFTER_MONTHS: cold, TIER_ARCHIVE_AFTER_MONTHS: archive };
}
