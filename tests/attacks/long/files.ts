import assert from "node:assert/strict";
import type { Home } from "../../support/home.ts";

/** How the log of a home is kept: LOG_FORMAT, LOG_MAX_SIZE in bytes, LOG_BACKUPS. */
export interface LogBounds {
  readonly format: "text" | "json";
  readonly maxSize: number;
  readonly backups: number;
  /**
   * Bytes that a file may have beyond its size, where runs come two at once: both may find room for
   * a line, and then both write it.
   */
  readonly overshoot?: number;
}

/** The home folder has the env file and the logs, and nothing else. */
export function assertTidy(home: Home, bounds: LogBounds): void {
  const names = [...Deno.readDirSync(home.folder)].map(({ name }) => name);
  const expected = [".env", "faceless_sync.log.state.json"];
  const strange = names.filter((name) => !expected.includes(name) && !isLog(name, bounds));
  assert.deepEqual(strange, [], "files left in the home folder");
}

/** `faceless_sync.log`, the backups LOG_BACKUPS allows, and what a killed run was rotating. */
function isLog(name: string, { backups }: LogBounds): boolean {
  if (name === "faceless_sync.log.rotating") return true;
  const [, number] = /^faceless_sync\.log(?:\.([1-9]\d*))?$/.exec(name) ?? [name, "none"];
  return number === undefined || Number(number) <= backups;
}

/** Every log is within its size and made of whole, readable lines. */
export function assertLogsValid(home: Home, bounds: LogBounds): void {
  for (const [name, bytes] of readLogs(home, bounds)) {
    const most = bounds.maxSize + (bounds.overshoot ?? 0);
    assert.ok(bytes.length <= most, `${name} has ${bytes.length} bytes`);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (text === "") continue;
    assert.ok(text.endsWith("\n"), `${name} ends within a line: ${text.slice(-200)}`);
    for (const line of text.slice(0, -1).split("\n")) {
      assert.ok(isWhole(line, bounds.format), `a broken line in ${name}: ${JSON.stringify(line)}`);
    }
  }
}

function* readLogs(home: Home, bounds: LogBounds): Generator<[string, Uint8Array]> {
  for (const { name } of Deno.readDirSync(home.folder)) {
    if (isLog(name, bounds)) yield [name, Deno.readFileSync(`${home.folder}/${name}`)];
  }
}

const TEXT_LINE =
  /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:DEBUG|INFO |WARN |ERROR) {2}\S[^\p{Cc}]*| {4}[^\p{Cc}]*)$/u;

function isWhole(line: string, format: LogBounds["format"]): boolean {
  if (format === "text") return TEXT_LINE.test(line);
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === "object" && entry !== null && "time" in entry && "level" in entry &&
      "message" in entry && typeof entry.message === "string" && entry.message !== "";
  } catch {
    return false;
  }
}
