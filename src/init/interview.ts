import { type CheckName, type Finding, problemOf } from "../check/finding.ts";
import { openHttp } from "../check/checks.ts";
import { safe } from "../check/print.ts";
import type { Config } from "../config/config.ts";
import type { ImmichHttp } from "../immich/http.ts";
import type { Logger } from "../system/log.ts";
import type { Draft } from "./draft.ts";
import type { Terminal } from "./terminal.ts";

/** What the questions are asked with, and where the answers go. */
export interface Interview {
  readonly terminal: Terminal;
  readonly draft: Draft;
  readonly log: Logger;
}

/** A secret that is there already is kept when nothing is typed. */
export const KEEP = " (leave empty to keep the current one)";

/** Asks again while the test fails, unless the answers are to be kept all the same. */
export async function untilItWorks<T>(
  { terminal }: Interview,
  attempt: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (;;) {
    const result = await attempt();
    if (result !== undefined) return result;
    const next = await terminal.choose("That did not work.", [
      { value: "again", label: "Answer again" },
      { value: "keep", label: "Keep it and fix it later" },
    ]);
    if (next === "keep") return undefined;
  }
}

/** Asks the server; undefined when what it tells is a problem. */
export async function test(
  interview: Interview,
  name: CheckName,
  action: (http: ImmichHttp, config: Config) => Promise<Finding>,
): Promise<true | undefined> {
  const config = configOf(interview);
  if (config === undefined) return undefined;
  const { draft, log } = interview;
  const http = openHttp({ config, log, redact: (text) => draft.redact(text) });
  let finding: Finding;
  try {
    finding = await action(http, config);
  } catch (error) {
    finding = problemOf(name, error);
  } finally {
    http.close();
  }
  show(interview, finding);
  return finding.status === "problem" ? undefined : true;
}

/** The configuration of the draft, as far as that goes by now; its problems are told. */
export function configOf(
  { terminal, draft }: Interview,
  standIns: Readonly<Record<string, string>> = {},
): Config | undefined {
  const loaded = draft.loadWhatIsThere(standIns);
  if (loaded.ok) return loaded.config;
  for (const { message } of loaded.problems) terminal.tell("problem", safe(message, draft));
  return undefined;
}

/** Which variables the file will lack that no question has been for. */
export function tellWhatIsLacking({ terminal, draft }: Interview): void {
  const loaded = draft.load();
  if (loaded.ok) return;
  const problems = loaded.problems.map(({ message }) => safe(message, draft));
  terminal.tell(
    "problem",
    [...problems, `Until then no run accepts this configuration: edit ${draft.path}.`].join("\n"),
  );
}

export function show({ terminal, draft }: Interview, finding: Finding): void {
  const hint = "hint" in finding ? `\n${safe(finding.hint, draft)}` : "";
  terminal.tell(finding.status, safe(finding.message, draft) + hint);
}

export function isSet(draft: Draft, name: string): boolean {
  return draft.get(name) !== undefined || draft.get(`${name}_FILE`) !== undefined;
}

export function replaceSecret(draft: Draft, name: string, answer: string): void {
  if (answer === "") return;
  draft.set(name, answer);
  draft.set(`${name}_FILE`, "");
}
