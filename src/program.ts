import type { Request } from "./cli.ts";
import { sync, type SyncRequest } from "./commands/sync.ts";
import { createConfiguredRedactor } from "./config/configured_redactor.ts";
import { EXIT } from "./exit_code.ts";
import { createWriter } from "./system/console.ts";

/** What no arguments mean. */
const PLAIN_SYNC: SyncRequest = {
  command: "sync",
  dryRun: false,
  force: false,
  report: undefined,
  everyMs: undefined,
  envFiles: [],
  json: false,
  logLevel: undefined,
};

/** Arguments in, exit code out. */
async function main(args: readonly string[]): Promise<number> {
  const request = await parse(args);
  switch (request.command) {
    case "print":
      createWriter(Deno.stdout)(request.text);
      return EXIT.ok;
    case "wrong":
      return await (await import("./wrong_usage.ts")).refuseUsage(request);
    case "sync":
      return await sync(request);
    case "init":
      return await (await import("./commands/init.ts")).init(request);
    case "missed":
      return await (await import("./commands/missed.ts")).missed(request);
    case "check":
      return await (await import("./commands/check.ts")).check(request);
    case "schedule":
      return (await import("./commands/schedule.ts")).schedule(request);
  }
}

/** A scheduled run has no arguments, and is spared the time to load what parses them. */
async function parse(args: readonly string[]): Promise<Request> {
  if (args.length === 0) return PLAIN_SYNC;
  const { parseArguments } = await import("./cli.ts");
  return await parseArguments(args, Deno.stdout.isTerminal() && !Deno.noColor);
}

/** Whatever nobody expected, at least as a sentence, and never as success. */
async function lastResort(error: unknown): Promise<never> {
  const stack = error instanceof Error ? error.stack ?? error.message : String(error);
  const request = await parse(Deno.args).catch(() => PLAIN_SYNC);
  const redact = createConfiguredRedactor("envFiles" in request ? request.envFiles : []);
  createWriter(Deno.stderr)(
    `immich-faceless-sync failed unexpectedly; please report this.\n${redact(stack)}\n`,
  );
  Deno.exit(EXIT.failed);
}

globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  void lastResort(event.reason);
});
globalThis.addEventListener("error", (event) => {
  event.preventDefault();
  void lastResort(event.error);
});
// Idle connections to the server must not hold the process, so that it ends by itself here.
Deno.exit((await main(Deno.args).catch(lastResort)) || Deno.exitCode);
