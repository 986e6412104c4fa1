import { checkConfiguration } from "../check/configuration.ts";
import { exitCodeOf, type Finding } from "../check/finding.ts";
import { printFinding, type PrintOptions, printOrigins, printSummary } from "../check/print.ts";
import { runChecks } from "../check/run_checks.ts";
import type { CheckRequest } from "../cli.ts";
import { loadConfig } from "../config/load.ts";
import { processSurroundings } from "../config/source.ts";
import { createWriter } from "../system/console.ts";
import { lockFolder } from "../system/lock.ts";
import { openLog } from "../system/log.ts";
import { createRedactor, redactStrings } from "../system/redact.ts";

/** The command `check`: tells of everything that a run needs, and changes nothing. */
export async function check(request: CheckRequest): Promise<number> {
  const surroundings = processSurroundings();
  const loaded = loadConfig({ ...surroundings, ...request });
  const redact = createRedactor(loaded.secrets);
  const options: PrintOptions = {
    write: request.json ? () => {} : createWriter(Deno.stdout),
    redact,
    colours: Deno.stdout.isTerminal() && !Deno.noColor,
  };
  printOrigins(loaded.origins, loaded.file, options);

  const findings: Finding[] = [];
  const tell = (finding: Finding) => {
    findings.push(finding);
    printFinding(finding, options);
  };
  checkConfiguration(loaded).forEach(tell);
  if (loaded.ok) {
    const log = openLog({ level: levelOf(request), redact, console: "stderr" });
    const checks = runChecks({
      config: loaded.config,
      stateStore: { path: loaded.config.statePath, of: loaded.file ?? "" },
      lockFolder: lockFolder(surroundings.environment),
      sendTest: request.sendTest,
      log: log.logger,
      redact,
    });
    for await (const finding of checks) tell(finding);
  }
  printSummary(findings, options);
  const exitCode = exitCodeOf(findings);
  if (request.json) {
    const document = redactStrings(
      { exitCode, checks: findings, settings: loaded.origins },
      redact,
    );
    createWriter(Deno.stdout)(JSON.stringify(document, null, 2) + "\n");
  }
  return exitCode;
}

/** What the requests are up to is told only to those who ask: the findings say what came of them. */
function levelOf({ logLevel }: CheckRequest): "debug" | "error" {
  return logLevel === "debug" ? "debug" : "error";
}
