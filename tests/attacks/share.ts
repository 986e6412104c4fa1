/**
 * With ATTACKS_ONE_OF=8, say, each kind of attack is made at every eighth of its places only, from
 * a random one on: .ci/run has 20 minutes for all.
 */
export const ONE_OF = Number(Deno.env.get("ATTACKS_ONE_OF") ?? 1);

/** The share of the places that is attacked, at least one of them. */
export function someOf<T>(places: readonly T[]): T[] {
  const step = Math.min(ONE_OF, places.length);
  const first = Math.floor(Math.random() * step);
  return places.filter((_, index) => index % step === first);
}
