import { VERBS, type WrongUsage } from "./cli.ts";
import { createConfiguredRedactor } from "./config/configured_redactor.ts";
import { EXIT } from "./exit_code.ts";
import { createWriter, printJson } from "./system/console.ts";
import { escapeControls } from "./system/log_format.ts";

/**
 * Tells of wrong usage where the log would be, and with `--json` in the document of the command.
 * What was typed is told without what may be a secret in the wrong place: values of options, and
 * words as long as a key.
 */
export async function refuseUsage(request: WrongUsage): Promise<number> {
  const typed = request.message.replace(/'(--?[\w-]+)=[^']*'/g, "'$1=…'")
    .replace(/'[^'\s-][^'\s]{23,}'/g, "'…'");
  const message = escapeControls(createConfiguredRedactor([])(typed));
  const command = request.of === "sync" ? "" : ` ${request.of}`;
  const hint = `See immich-faceless-sync${command} --help.`;
  createWriter(Deno.stderr)(`${message}\n${hint}\n`);
  if (request.json) {
    const { refusal } = await VERBS[request.of]();
    printJson(refusal({ name: "UsageError", message, hint }, request.dryRun));
  }
  return EXIT.usage;
}
