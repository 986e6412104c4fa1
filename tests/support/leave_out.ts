/** Loaded before the tests (`--preload`): makes those that left_out.ts names ignored ones. */
import { reasonToLeaveOut } from "./left_out.ts";

function nameOf(definition: unknown): string | undefined {
  if (typeof definition === "string") return definition;
  if (typeof definition !== "object" || definition === null) return undefined;
  return "name" in definition && typeof definition.name === "string" ? definition.name : undefined;
}

const leaving = new Proxy(Deno.test, {
  apply(test, self, definition) {
    const name = nameOf(definition[0]);
    const reason = name === undefined ? undefined : reasonToLeaveOut(name);
    if (reason === undefined) return Reflect.apply(test, self, definition);
    test.ignore(`${name} (left out: ${reason})`, () => {});
  },
});
Object.defineProperty(Deno, "test", { value: leaving });
