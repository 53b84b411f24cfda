// How long to wait before trying again: doubling up to a few seconds, and never in step with others.

const FIRST = 500;
// Whoever was away is found again within five seconds.
const LONGEST = 4_000;

/** @param {number} attempt  0 for the first  @returns {number} milliseconds */
export function backOff(attempt, random = Math.random) {
  const full = Math.min(LONGEST, FIRST * 2 ** attempt);
  return full / 2 + (full / 2) * random();
}
