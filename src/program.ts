import type { HelpRequest, Request } from "./cli.ts";
import { createConfiguredRedactor } from "./commands/configured_redactor.ts";
import { PLAIN_SYNC, refuseUsage, sync } from "./commands/sync.ts";
import { createWriter } from "./system/console.ts";
import { EXIT } from "./exit_code.ts";

/** Arguments in, exit code out. */
async function main(args: readonly string[]): Promise<number> {
  const request = await parse(args);
  switch (request.command) {
    case "print":
      createWriter(Deno.stdout)(request.text);
      return EXIT.ok;
    case "help":
      return await help(request);
    case "schedule": {
      const { schedule } = await import("./commands/schedule.ts");
      return schedule(request);
    }
    case "wrong":
      return refuseUsage(request.message, request);
    case "sync":
      return await sync(request);
    case "init":
      return await (await import("./commands/init.ts")).init(request);
    case "missed":
      return await (await import("./commands/missed.ts")).missed(request);
    case "check":
      return await (await import("./commands/check.ts")).check(request);
  }
}

async function help({ of, more }: HelpRequest): Promise<number> {
  const { renderHelp } = await import("./help.ts");
  const bold = Deno.stdout.isTerminal() && !Deno.noColor;
  createWriter(Deno.stdout)(renderHelp(of, bold) + more);
  return EXIT.ok;
}

/** A scheduled run has no arguments, and is spared the time to load what parses them. */
async function parse(args: readonly string[]): Promise<Request> {
  if (args.length === 0) return PLAIN_SYNC;
  const { parseArguments } = await import("./cli.ts");
  return parseArguments(args);
}

function envFilesOf(request: Request): readonly string[] {
  if ("envFiles" in request) return request.envFiles;
  return "envFile" in request && request.envFile !== undefined ? [request.envFile] : [];
}

/** Whatever nobody expected, at least as a sentence, and never as success. */
async function lastResort(error: unknown): Promise<never> {
  const stack = error instanceof Error ? error.stack ?? error.message : String(error);
  const request = await parse(Deno.args).catch(() => PLAIN_SYNC);
  const redact = createConfiguredRedactor(envFilesOf(request));
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
