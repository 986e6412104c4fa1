/** Unknown names that look like a misspelt one of ours. */

/** The one of `known` that `name` most likely was meant to be. Only a near miss counts. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of known) {
    const limit = candidate.length >= 10 ? 2 : 1;
    const distance = editDistance(name.toUpperCase(), candidate, limit);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Damerau-Levenshtein (adjacent letters swapped count once); Infinity when over `limit`. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (last[j] ?? Infinity) + 1,
        (row[j - 1] ?? Infinity) + 1,
        (last[j - 1] ?? Infinity) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? Infinity) + 1);
      }
      row.push(cost);
    }
    [beforeLast, last] = [last, row];
  }
  const distance = last[b.length] ?? Infinity;
  return distance > limit ? Infinity : distance;
}
