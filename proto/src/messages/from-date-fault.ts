const earliest = 1e11;
const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Says why a number cannot be meant as the Unix milliseconds of `fromDate`, as the end of a sentence that begins with its
 * name; undefined when it can. Seconds, years and dates in digits would lie in the first years after 1970, microseconds
 * beyond the year 9999: a page from there would be a wrong answer to what was asked. 0 is the beginning. Pure.
 */
export function fromDateFault(value: number): string | undefined {
  if (value === 0) return undefined;
  return Number.isSafeInteger(value) && value >= earliest && value <= latest
    ? undefined
    : 'must be 0 or Unix milliseconds between 1973 and 9999';
}
