import type { ConfigResult } from "../config/load.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

/** What reading the configuration told: every problem and every warning, or that all is well. */
export function checkConfiguration(loaded: ConfigResult): Finding[] {
  const { file, origins } = loaded;
  const findings: Finding[] = [];
  if (!loaded.ok) {
    for (const { message } of loaded.problems) {
      findings.push(problem("configuration", sentence(message), loaded.hint));
    }
  }
  for (const text of loaded.warnings) {
    findings.push(
      warning("configuration", sentence(text), `Correct it in ${file ?? "the environment"}.`),
    );
  }
  if (findings.length > 0) return findings;
  const fromEnvironment = origins.filter(({ from }) => from === "environment").length;
  const sources = [
    ...file === undefined ? [] : [file],
    ...fromEnvironment === 0 ? [] : [`${fromEnvironment} of the environment`],
  ];
  return [ok("configuration", `valid; from ${sources.join(" and ")}`)];
}

function sentence(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`;
}
