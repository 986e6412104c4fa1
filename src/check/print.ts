import type { Origin } from "../config/load.ts";
import type { Writer } from "../system/console.ts";
import { escapeControls } from "../system/log_format.ts";
import { CHECK_NAMES, type Finding } from "./finding.ts";
import { count } from "../text.ts";

export interface PrintOptions {
  readonly write: Writer;
  readonly redact: (text: string) => string;
  /** Only for a terminal, and where nobody has asked for no colours. */
  readonly colours: boolean;
}

const STATUS_WIDTH = "problem".length + 2;
const NAME_WIDTH = Math.max(...CHECK_NAMES.map((name) => name.length)) + 2;
const INDENT = " ".repeat(STATUS_WIDTH + NAME_WIDTH);
/** Green, yellow, red. */
const COLOURS = { ok: 32, warning: 33, problem: 31 } as const;

/**
 * `ok       key            "faceless" with 5 permissions`, and below it how to mend it: once below
 * the last one for several in a row with the same hint.
 */
export function printFindings(findings: readonly Finding[], options: PrintOptions): void {
  for (const [index, finding] of findings.entries()) {
    const hint = hintOf(finding);
    printFinding(finding, hintOf(findings[index + 1]) === hint ? undefined : hint, options);
  }
}

function hintOf(finding: Finding | undefined): string | undefined {
  return finding !== undefined && "hint" in finding ? finding.hint : undefined;
}

function printFinding(
  { name, status, message }: Finding,
  hint: string | undefined,
  options: PrintOptions,
): void {
  const lines = [
    coloured(status.padEnd(STATUS_WIDTH), COLOURS[status], options) + name.padEnd(NAME_WIDTH) +
    safe(message, options),
    ...hint === undefined ? [] : [INDENT + safe(hint, options)],
  ];
  options.write(lines.join("\n") + "\n");
}

/** One line of each value that is set, and a last one of the defaults. */
export function printOrigins(
  origins: readonly Origin[],
  file: string | undefined,
  options: PrintOptions,
): void {
  const set = origins.filter(({ from }) => from !== "default");
  const defaults = origins.filter(({ from }) => from === "default");
  const width = Math.max(0, ...set.map(({ name }) => name.length)) + 2;
  const values = set.map((origin) => origin.value);
  const valueWidth = Math.min(48, Math.max(0, ...values.map((value) => value.length)));
  const lines = set.map((origin) =>
    `  ${origin.name.padEnd(width)}${origin.value.padEnd(valueWidth)}  ${placeOf(origin)}`
  );
  lines.push(
    `  defaults: ${defaults.map(({ name, value }) => `${name}=${value}`).join(", ")}`,
  );
  const title = file === undefined ? "Configuration" : `Configuration, ${file}`;
  options.write(
    `${safe(title, options)}\n${lines.map((line) => safe(line, options)).join("\n")}\n\n`,
  );
}

function placeOf({ from, line }: Origin): string {
  switch (from) {
    case "file":
      return `line ${line}`;
    case "environment":
      return line === undefined ? "environment" : `environment, over line ${line}`;
    case "option":
      return "command line";
    case "default":
      return "default";
  }
}

/** `All is well.`, or how much is not. */
export function printSummary(findings: readonly Finding[], options: PrintOptions): void {
  const number = (status: Finding["status"]) =>
    findings.filter((finding) => finding.status === status).length;
  const [problems, warnings] = [number("problem"), number("warning")];
  const parts = [
    ...problems > 0 ? [count(problems, "problem")] : [],
    ...warnings > 0 ? [count(warnings, "warning")] : [],
  ];
  const text = parts.length === 0
    ? "All is well."
    : problems > 0
    ? `${parts.join(" and ")}; what could not be checked because of that is left out.`
    : `${parts.join(" and ")}; a run would work.`;
  options.write(`\n${text}\n`);
}

/** In one line, without secrets and without what a terminal would obey. */
export function safe(text: string, { redact }: Pick<PrintOptions, "redact">): string {
  return escapeControls(redact(text)).replace(/[\r\n\v\f\x85\u2028\u2029]+/g, " ");
}

function coloured(text: string, code: number, { colours }: PrintOptions): string {
  return colours ? `\x1b[${code}m${text}\x1b[0m` : text;
}
