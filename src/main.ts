/** The process starts here. */
import { createWriter } from "./system/console.ts";
import { VERSION_AND_COMMIT } from "./version.ts";

const [first, ...others] = Deno.args;
if ((first === "--version" || first === "-V") && others.length === 0) {
  // Without the rest of the program, which takes as long to load as the runtime.
  createWriter(Deno.stdout)(`${VERSION_AND_COMMIT}\n`);
  Deno.exit(); // with the code of the writer
}
await import("./program.ts");
