import { ExplainedError } from "../errors.ts";
import { ImmichError } from "../immich/immich_error.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";

/** The things that are looked at, in the order in which they are told. */
export const CHECK_NAMES = [
  "configuration",
  "log file",
  "last run",
  "lock",
  "connection",
  "server",
  "key",
  "album",
  "library",
  "partners",
  "rule",
  "strategy",
  "missed",
  "mail",
  "health check",
  "webhook",
] as const;
export type CheckName = typeof CHECK_NAMES[number];

/** What was found out about one thing; whatever is not ok has a hint how to mend it. */
export type Finding =
  | { readonly name: CheckName; readonly status: "ok"; readonly message: string }
  | {
    readonly name: CheckName;
    readonly status: "warning" | "problem";
    readonly message: string;
    readonly hint: string;
  };

export function ok(name: CheckName, message: string): Finding {
  return { name, status: "ok", message };
}

export function warning(name: CheckName, message: string, hint: string): Finding {
  return { name, status: "warning", message, hint };
}

export function problem(name: CheckName, message: string, hint: string): Finding {
  return { name, status: "problem", message, hint };
}

/**
 * The problem that a failed request makes; a defect of the program travels on up.
 *
 * @param name What was being found out. When the server as a whole did not answer as Immich, that
 *   is no matter of the album or of the key.
 */
export function problemOf(name: CheckName, error: unknown): Finding {
  if (!(error instanceof ExplainedError)) throw error;
  return problem(nameOf(error) ?? name, error.message, error.hint);
}

function nameOf(error: ExplainedError): CheckName | undefined {
  if (!(error instanceof ImmichError)) return undefined;
  switch (error.kind) {
    case "certificate":
    case "connection":
    case "timeout":
      return "connection";
    case "maintenance":
    case "server":
      return "server";
    case "unauthorized":
      return "key";
    default:
      return undefined;
  }
}

/** 2 for a configuration that no run could work with, 1 for any other problem, else 0. */
export function exitCodeOf(findings: readonly Finding[]): ExitCode {
  const problems = findings.filter(({ status }) => status === "problem");
  if (problems.some(({ name }) => name === "configuration")) return EXIT.usage;
  return problems.length > 0 ? EXIT.failed : EXIT.ok;
}
