import { dirname, resolve } from "node:path";
import { REPORT_MARK } from "./frame.ts";
import { reasonOf, replaceFile, statIfThere, tryToWrite } from "../system/files.ts";

/** The mark of a report is within so many bytes. */
const HEAD_BYTES = 1024;

/**
 * Makes sure, before anything is done for it, that the report can be written; makes missing folders.
 *
 * @param file as typed, relative to `cwd`
 * @returns where to write, or a sentence on why that is not possible
 */
export function prepareReportFile(
  file: string,
  cwd: string,
): { readonly path: string } | { readonly problem: string } {
  if (file.trim() === "") return { problem: "--report needs the name of a file." };
  const path = resolve(cwd, file);
  try {
    const there = statIfThere(path);
    if (there?.isDirectory === true || /[\\/]$/.test(file)) {
      return { problem: `--report: ${path} is a folder. Name a file in it, such as report.html.` };
    }
    if (there === undefined) Deno.mkdirSync(dirname(path), { recursive: true });
    else if (!there.isFile) return { problem: `--report: ${path} is not a regular file.` };
    else if (there.size > 0 && !isReport(path)) {
      return {
        problem: `--report: ${path} exists and is not a report, so it is left alone. ` +
          "Name another file, or delete this one first.",
      };
    }
    // Where a link leads to is what is replaced, not the link.
    const target = there === undefined ? path : Deno.realPathSync(path);
    tryToWrite(dirname(target));
    return { path: target };
  } catch (error) {
    return { problem: cannotWrite(path, error) };
  }
}

/** Replaces the file as a whole; only its owner can read it, since it has private pictures in it. */
export function writeReportFile(path: string, html: string): void {
  replaceFile(path, html, 0o600);
}

/** The sentence for a report that could not be written. */
export function cannotWrite(path: string, error: unknown): string {
  return `Cannot write the report to ${path}: ${reasonOf(error)}. ` +
    "Use --report to name a file in a writable folder.";
}

function isReport(path: string): boolean {
  using file = Deno.openSync(path);
  const head = new Uint8Array(HEAD_BYTES);
  const length = file.readSync(head) ?? 0;
  return new TextDecoder().decode(head.subarray(0, length)).includes(REPORT_MARK);
}
