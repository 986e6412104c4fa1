import { attempt, type Input } from "./attempt.ts";

/** Enough to keep two cores busy. */
const AT_ONCE = 3;

let tried = 0;

/**
 * A test for each input; in the end it is printed how many were tried. While one is waited for, the
 * next ones are under way already.
 */
export function testInputs(inputs: readonly Input[]): void {
  Deno.test.afterAll(() => {
    Deno.stdout.writeSync(new TextEncoder().encode(`bad input: ${tried} inputs tried\n`));
  });
  const attempts = inputs.filter((input) => !isIgnored(input)).map((input) => startOnce(input));
  for (const input of inputs) {
    const position = attempts.findIndex((each) => each.input === input);
    Deno.test({
      name: input.name,
      ignore: position < 0,
      sanitizeOps: false,
      sanitizeResources: false,
      fn: async () => {
        for (const { start } of attempts.slice(position, position + AT_ONCE)) start();
        await attempts[position]?.start();
      },
    });
  }
}

function isIgnored({ ignore = false }: Input): boolean {
  return ignore;
}

/** The first call starts it, all get the same result. */
function startOnce(input: Input): { input: Input; start: () => Promise<void> } {
  let result: Promise<void> | undefined;
  const start = () => {
    if (result !== undefined) return result;
    tried++;
    result = attempt(input);
    // It may fail before its own test looks at it.
    result.catch(() => {});
    return result;
  };
  return { input, start };
}
