/**
 * How many random libraries a property is tried on: as many as fit into the few minutes of the
 * README's test command, and RANDOM_RUNS times as many where somebody takes the time.
 */
export function randomRuns(usual: number): number {
  return usual * Number(Deno.env.get("RANDOM_RUNS") ?? 1);
}
