import { parseArguments } from "./cli.ts";
import { createConfiguredRedactor } from "./commands/configured_redactor.ts";
import { refuseUsage, sync } from "./commands/sync.ts";
import { createWriter } from "./system/console.ts";

/** Arguments in, exit code out. */
async function main(args: readonly string[]): Promise<number> {
  const request = parseArguments(args);
  switch (request.command) {
    case "print":
      createWriter(Deno.stdout)(request.text);
      return 0;
    case "wrong":
      return refuseUsage(request.message, request);
    case "sync":
      return await sync(request);
  }
}

/** Whatever nobody expected, at least as a sentence, and never as success. */
function lastResort(error: unknown): never {
  const stack = error instanceof Error ? error.stack ?? error.message : String(error);
  const redact = createConfiguredRedactor(envFileOf(Deno.args));
  createWriter(Deno.stderr)(
    `immich-faceless-sync failed unexpectedly; please report this.\n${redact(stack)}\n`,
  );
  Deno.exit(1);
}

function envFileOf(args: readonly string[]): string | undefined {
  const request = parseArguments(args);
  return request.command === "sync" ? request.envFile : undefined;
}

globalThis.addEventListener("unhandledrejection", (event) => lastResort(event.reason));
globalThis.addEventListener("error", (event) => lastResort(event.error));
// Idle connections to the server must not hold the process, so that it ends by itself here.
Deno.exit(await main(Deno.args).catch(lastResort));
