/** Scheduled runs are never quite that far apart: at 24h a daily run would find it every other day. */
const ALMOST = 0.99;

/**
 * Whether an interval has passed between a run and an earlier one, as far as a scheduler can keep
 * to it.
 *
 * @param sinceAt and `now`: milliseconds since 1970
 */
export function hasPassed(intervalMs: number, sinceAt: number, now: number): boolean {
  return now - sinceAt >= intervalMs * ALMOST;
}
