/**
 * An operating-system error in words: Deno's message without the error number and without the
 * path, which the sentence around it names already.
 *
 * `Permission denied (os error 13): open '/x'` becomes `permission denied`.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Its own message asks for --allow-all, which nobody should give.
  if (error instanceof Deno.errors.NotCapable) return "this program is not allowed to";
  const match = /^(.*?) \(os error \d+\)/s.exec(error.message);
  const words = match?.[1];
  if (words === undefined) return error.message || error.name;
  return words.charAt(0).toLowerCase() + words.slice(1).replace(/\.$/, "");
}
