/**
 * Gives ports from `first` on, over and over: above 10080, the last one that `fetch` refuses to
 * connect to, and below those that systems give out by themselves (Linux from 32768, others from
 * 49152), so that nobody else gets the port of a server that pauses. Tests that run at the same time
 * need ranges of their own.
 */
export function portsFrom(first: number, count: number): () => number {
  let given = 0;
  return () => first + given++ % count;
}
