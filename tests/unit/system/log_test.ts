import assert from "node:assert/strict";
import type { LogConfig } from "../../../src/system/log_format.ts";
import { openLog } from "../../../src/system/log.ts";
import type { Log, LogOptions } from "../../../src/system/log.ts";
import { createRedactor } from "../../../src/system/redact.ts";
import { temporaryFolder } from "../../support/script.ts";

const SECRET = "s3cret key";
const STAMP = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d /;

interface Opened extends Disposable {
  readonly log: Log;
  readonly out: () => string;
  readonly err: () => string;
  readonly file: () => string;
}

/** A log in a temporary folder whose console output is kept. */
function open(config: Partial<LogConfig> = {}, options: Partial<LogOptions> = {}): Opened {
  const folder = temporaryFolder();
  const path = `${folder.path}/new/folder/run.log`;
  let out = "";
  let err = "";
  const log = openLog({
    config: { path, level: "info", format: "text", maxSizeBytes: 1e6, backups: 3, ...config },
    redact: createRedactor([SECRET]),
    console: "split",
    stdout: (text) => out += text,
    stderr: (text) => err += text,
    ...options,
  });
  return {
    log,
    out: () => out,
    err: () => err,
    file: () => Deno.readTextFileSync(path),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

Deno.test("a line is time, level and message, in the file and on the console", () => {
  using opened = open();
  opened.log.logger.info("Added 3 assets.");
  assert.match(opened.out(), STAMP);
  assert.match(opened.out(), / INFO {3}Added 3 assets\.\n$/);
  assert.equal(opened.file(), opened.out());
  assert.equal(opened.err(), "");
});

Deno.test("warnings and errors go to standard error, the rest to standard output", () => {
  using opened = open({ level: "debug" });
  const { logger } = opened.log;
  logger.debug("d");
  logger.info("i");
  logger.warn("w");
  logger.error("e");
  assert.deepEqual(opened.out().replace(/^.{20}/gm, "").split("\n"), ["DEBUG  d", "INFO   i", ""]);
  assert.deepEqual(opened.err().replace(/^.{20}/gm, "").split("\n"), ["WARN   w", "ERROR  e", ""]);
});

Deno.test("with standard output taken by --json everything goes to standard error", () => {
  using opened = open({}, { console: "stderr" });
  opened.log.logger.info("i");
  assert.equal(opened.out(), "");
  assert.match(opened.err(), /i\n$/);
});

Deno.test("lines below the level are left out, and the option wins over the configuration", () => {
  using opened = open({ level: "debug" }, { level: "warn" });
  opened.log.logger.info("no");
  opened.log.logger.warn("yes");
  assert.match(opened.file(), / WARN {3}yes\n$/);
  assert.doesNotMatch(opened.file(), /no/);
});

Deno.test("json has one object a line", () => {
  using opened = open({ format: "json" });
  opened.log.logger.warn("two\nlines \x9b31m");
  assert.match(opened.file(), /^\{"time":"\d{4}-\d\d-\d\dT[^\n]*\}\n$/);
  assert.doesNotMatch(opened.file(), /\x9b/);
  const { time: _time, ...rest } = JSON.parse(opened.file());
  assert.deepEqual(rest, { level: "warn", message: "two\nlines \x9b31m" });
  assert.equal(opened.err(), opened.file());
});

Deno.test("no message can forge a line or steer the terminal", () => {
  using opened = open();
  for (const end of ["\n", "\r", "\r\n", "\u2028", "\v", "\x85"]) {
    opened.log.logger.info(`album${end}2026-11-22 10:00:00 ERROR  forged \x1b[2J\x07`);
  }
  const lines = opened.file().split(/[\n\r\u2028\v\x85]/);
  assert.equal(lines.filter((line) => STAMP.test(line)).length, 6);
  assert.equal(lines.filter((line) => line.startsWith("    2026")).length, 6);
  for (const control of ["\x1b", "\x07"]) {
    assert.ok(!(opened.file() + opened.out()).includes(control));
  }
});

Deno.test("no message can be shown in another order than it has", () => {
  const overrides = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";
  for (const format of ["text", "json"] as const) {
    using opened = open({ format });
    opened.log.logger.info(`album \u202egpj.exe ${overrides} שלום`);
    for (const output of [opened.file(), opened.out()]) {
      assert.doesNotMatch(output, /[\u202a-\u202e\u2066-\u2069]/);
      assert.match(output, /album \\u202egpj\.exe .*שלום/);
    }
    assert.doesNotMatch(opened.log.recentLines(1)[0] ?? "", /\u202e/);
  }
});

Deno.test("braces in a message are left as they are", () => {
  using opened = open();
  opened.log.logger.info('answer {"id": 1} {id} {{x}}');
  assert.match(opened.file(), /answer \{"id": 1\} \{id\} \{\{x\}\}\n/);
});

Deno.test("stacks and causes are in the file always, on the console at level debug", () => {
  const error = new Error("outer", { cause: new AggregateError([new TypeError("inner")]) });
  for (const level of ["info", "debug"] as const) {
    using opened = open({ level });
    opened.log.logger.error("It failed.", error);
    assert.match(
      opened.file(),
      /It failed\.\n {4}Error: outer\n {8}at [^]*Caused by: TypeError: inner\n/,
    );
    assert.equal(/ at /.test(opened.err()), level === "debug");
    assert.deepEqual(opened.log.recentLines(1)[0]?.slice(20), "ERROR  It failed.");
  }
});

Deno.test("an error that is its own cause is logged", () => {
  using opened = open();
  const error = new Error("round");
  error.cause = error;
  opened.log.logger.error("It failed.", error);
  assert.match(opened.file(), /round/);
});

for (const format of ["text", "json"] as const) {
  Deno.test(`a secret is in no line of any destination (${format})`, () => {
    using opened = open({ format, level: "debug" });
    const { logger } = opened.log;
    const error = new Error(`bad ${SECRET}`, { cause: new Error(encodeURIComponent(SECRET)) });
    logger.error(`message ${SECRET}`, error);
    logger.debug(`?k=${encodeURIComponent(SECRET)}`);
    const everything = opened.file() + opened.out() + opened.err() +
      opened.log.recentLines(50).join("\n");
    assert.match(everything, /\[secret\]/);
    assert.doesNotMatch(everything, /s3cret/);
  });
}

Deno.test("the last 50 lines are kept for mails, as text", () => {
  using opened = open({ format: "json" });
  for (let i = 0; i < 60; i++) opened.log.logger.info(`line ${i}`);
  const lines = opened.log.recentLines(100);
  assert.equal(lines.length, 50);
  assert.match(lines[0] ?? "", / INFO {3}line 10$/);
  assert.match(opened.log.recentLines(1)[0] ?? "", /line 59$/);
  assert.deepEqual(opened.log.recentLines(0), []);
});

Deno.test("without a configuration the log goes to the console only", () => {
  using opened = open({}, { config: undefined });
  opened.log.logger.info("i");
  assert.match(opened.out(), /INFO {3}i\n/);
  assert.throws(opened.file, Deno.errors.NotFound);
});
