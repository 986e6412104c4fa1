import { checkConfiguration } from "../check/machine.ts";
import { exitCodeOf, type Finding, problem } from "../check/finding.ts";
import { printFindings, type PrintOptions, printOrigins, printSummary } from "../check/print.ts";
import { runChecks } from "../check/checks.ts";
import { loadConfig, type Origin } from "../config/load.ts";
import { processSurroundings } from "../config/source.ts";
import { type ExitCode, worstOf } from "../exit_code.ts";
import { stateStoreOf } from "../notify/state.ts";
import { createWriter, printJson } from "../system/console.ts";
import { lockFolder } from "../system/lock.ts";
import { openLog } from "../system/log.ts";
import { createRedactor, redactStrings } from "../system/redact.ts";
import type { Common, Verb } from "./verb.ts";

export interface CheckRequest extends Common {
  readonly command: "check";
  readonly sendTest: boolean;
}

export const verb: Verb<CheckRequest> = {
  description: "test everything a run needs and say how to fix it; changes nothing",
  examples: [
    ["check", "test everything, change nothing"],
    ["check --send-test", "also send test messages"],
    ["check --json | jq .", "use the result in a script"],
  ],
  define: (command, { ask, common }) =>
    command.optionsGroup("Options for check:")
      .option("--send-test", "also send a test mail, health check ping and webhook message")
      .addOption(command.createOption("--send-test-email", "its old name").hideHelp())
      .action(({ sendTest, sendTestEmail }) =>
        ask({ command: "check", sendTest: sendTest ?? sendTestEmail ?? false, ...common() })
      ),
  refusal: ({ message, hint }) => documentOf([problem("configuration", message, hint)], []),
};

/** The command `check`: tells of everything that a run needs, and changes nothing. */
export async function check(request: CheckRequest): Promise<number> {
  const several = request.envFiles.length > 1;
  const all: Checked[] = [];
  for (const envFile of several ? request.envFiles : [request.envFiles[0]]) {
    all.push(await checkOne(request, envFile));
  }
  const exitCode = worstOf(all.map((checked) => checked.exitCode));
  if (request.json) {
    const documents = all.map(({ document }) => document);
    printJson(several ? { exitCode, runs: documents } : documents[0]);
  }
  return exitCode;
}

interface Checked {
  readonly exitCode: ExitCode;
  /** For `--json`, redacted. */
  readonly document: unknown;
}

async function checkOne(request: CheckRequest, envFile: string | undefined): Promise<Checked> {
  const surroundings = processSurroundings();
  const loaded = loadConfig({ ...surroundings, envFile, logLevel: request.logLevel });
  const redact = createRedactor(loaded.secrets);
  const options: PrintOptions = {
    write: request.json ? () => {} : createWriter(Deno.stdout),
    redact,
    colours: Deno.stdout.isTerminal() && !Deno.noColor,
  };
  printOrigins(loaded.origins, loaded.file, options);

  const findings: Finding[] = [];
  const tell = (...found: readonly Finding[]) => {
    findings.push(...found);
    printFindings(found, options);
  };
  tell(...checkConfiguration(loaded));
  if (loaded.ok) {
    const log = openLog({ level: levelOf(request), redact, console: "stderr" });
    const checks = runChecks({
      config: loaded.config,
      stateStore: stateStoreOf(loaded.config, loaded),
      lockFolder: lockFolder(surroundings.environment),
      sendTest: request.sendTest,
      log: log.logger,
      redact,
    });
    for await (const finding of checks) tell(finding);
  }
  printSummary(findings, options);
  const document = documentOf(findings, loaded.origins);
  return { exitCode: document.exitCode, document: redactStrings(document, redact) };
}

/** What `check --json` prints. Names are a contract. */
function documentOf(
  checks: readonly Finding[],
  settings: readonly Origin[],
): {
  readonly exitCode: ExitCode;
  readonly checks: readonly Finding[];
  readonly settings: readonly Origin[];
} {
  return { exitCode: exitCodeOf(checks), checks, settings };
}

/** What the requests are up to is told only to those who ask: the findings say what came of them. */
function levelOf({ logLevel }: CheckRequest): "debug" | "error" {
  return logLevel === "debug" ? "debug" : "error";
}
