/** Waiting between attempts to connect again: a random time, so that pages do not come all at once. */

const FIRST_MS = 250;
const LONGEST_MS = 5_000;

/** How long to wait before an attempt, in ms; `failures` have gone before it. */
export function pause(failures: number, random: number): number {
  return random * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
}
