import assert from "node:assert/strict";
import type { LogConfig } from "../../../src/system/log_format.ts";
import { obstacleIn } from "../../../src/system/log_file.ts";
import { openLog } from "../../../src/system/log.ts";
import type { Log } from "../../../src/system/log.ts";
import { runScript, startScript, temporaryFolder } from "../../support/script.ts";

interface Opened {
  readonly log: Log;
  readonly console: () => string;
}

function open(config: Partial<LogConfig> & { readonly path: string }): Opened {
  let console = "";
  const log = openLog({
    config: { level: "info", format: "text", maxSizeBytes: 1e6, backups: 3, ...config },
    redact: (text) => text,
    console: "stderr",
    stderr: (text) => console += text,
  });
  return { log, console: () => console };
}

/** The messages in a log file, in their order. */
function messages(path: string): string[] {
  return Deno.readTextFileSync(path).trimEnd().split("\n").map((line) => line.slice(27));
}

function filesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
}

/** The source of a program that logs. */
function program(path: string, body: string, maxSizeBytes = 1e9): string {
  return `import { openLog } from "src/system/log.ts";
    const config = { path: ${JSON.stringify(path)}, level: "info", format: "text",
      maxSizeBytes: ${maxSizeBytes}, backups: 1000 };
    const { logger } = openLog({ config, redact: (text) => text, console: "split" });
    ${body}`;
}

/** Of 100 bytes a file, two lines of `line 0` (34 bytes) find room. */
const TWO_LINES = 100;

Deno.test("files rotate to name.1, name.2, … and the oldest goes", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/run.log`;
  const opened = open({ path, maxSizeBytes: TWO_LINES, backups: 2 });
  for (let i = 0; i < 9; i++) opened.log.logger.info(`line ${i}`);
  assert.deepEqual(filesIn(folder.path), ["run.log", "run.log.1", "run.log.2"]);
  assert.deepEqual(messages(path), ["line 8"]);
  assert.deepEqual(messages(`${path}.1`), ["line 6", "line 7"]);
  assert.deepEqual(messages(`${path}.2`), ["line 4", "line 5"]);
});

Deno.test("without backups a full file starts anew", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/run.log`;
  const opened = open({ path, maxSizeBytes: TWO_LINES, backups: 0 });
  for (let i = 0; i < 3; i++) opened.log.logger.info(`line ${i}`);
  assert.deepEqual(filesIn(folder.path), ["run.log"]);
  assert.deepEqual(messages(path), ["line 2"]);
});

Deno.test("what an earlier run has written counts", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/run.log`;
  for (let i = 0; i < 3; i++) {
    const opened = open({ path, maxSizeBytes: TWO_LINES });
    opened.log.logger.info(`line ${i}`);
  }
  assert.deepEqual(messages(`${path}.1`), ["line 0", "line 1"]);
});

Deno.test("a line larger than a whole file is written, and no empty file is rotated away", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/run.log`;
  const opened = open({ path, maxSizeBytes: TWO_LINES });
  opened.log.logger.info("x".repeat(500));
  assert.deepEqual(filesIn(folder.path), ["run.log"]);
  opened.log.logger.info("next");
  assert.deepEqual(messages(`${path}.1`), ["x".repeat(500)]);
});

Deno.test("a folder that is removed in the middle of a run is made again", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/logs/run.log`;
  const opened = open({ path });
  opened.log.logger.info("before");
  Deno.removeSync(`${folder.path}/logs`, { recursive: true });
  opened.log.logger.info("after");
  assert.deepEqual(messages(path), ["after"]);
  assert.equal(opened.log.fileProblem(), undefined);
});

for (
  const [name, path] of [
    ["a folder in its place", ""],
    ["a file in the place of its folder", "/file/run.log"],
  ] as const
) {
  Deno.test(`a log file that cannot be written is told once, in a line: ${name}`, () => {
    using folder = temporaryFolder();
    Deno.writeTextFileSync(`${folder.path}/file`, "");
    const opened = open({ path: folder.path + path });
    for (let i = 0; i < 3; i++) opened.log.logger.info(`line ${i}`);
    const lines = opened.console().trimEnd().split("\n").map((line) => line.slice(20));
    assert.equal(lines.length, 4);
    assert.match(
      lines[0] ?? "",
      /^WARN {3}The log file .* cannot be written: .*console.*LOG_FILE_PATH/,
    );
    assert.deepEqual(lines.slice(1), ["INFO   line 0", "INFO   line 1", "INFO   line 2"]);
    assert.match(opened.log.fileProblem() ?? "", /cannot be written/);
    assert.equal(opened.log.recentLines(9).length, 4);
  });
}

Deno.test("a log that cannot be rotated grows, and that is told once", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/run.log`;
  Deno.mkdirSync(`${path}.1/full`, { recursive: true });
  const opened = open({ path, maxSizeBytes: TWO_LINES, backups: 1 });
  for (let i = 0; i < 6; i++) opened.log.logger.info(`line ${i}`);
  assert.equal(messages(path).length, 6);
  assert.equal(opened.console().match(/cannot be rotated/g)?.length, 1);
});

Deno.test({
  name: "a device as the log file is left alone",
  ignore: Deno.build.os === "windows",
  fn: () => {
    const opened = open({ path: "/dev/null" });
    opened.log.logger.info("i");
    assert.match(opened.console(), /^\S+ \S+ INFO {3}i\n$/);
  },
});

Deno.test({
  name: "a disk that gets full in the middle of a run does not end it",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    using folder = temporaryFolder();
    const path = `${folder.path}/run.log`;
    // A limit for the size of files does what a full disk does, if its signal is ignored.
    const source = program(
      path,
      `logger.info("before");
       const limit = new Deno.Command("prlimit", { args: ["--fsize=4096", "--pid", String(Deno.pid)] });
       if (!(await limit.output()).success) throw new Error("no prlimit");
       for (let i = 0; i < 500; i++) logger.info("line " + i);
       logger.info("the end");`,
    );
    // It would strike the files of a coverage run too.
    const shell = "trap '' XFSZ; unset DENO_COVERAGE_DIR";
    const { code, stdout, stderr } = await runScript(folder.path, source, { shell });
    assert.equal(code, 0);
    assert.match(stdout, /the end\n$/);
    assert.equal(stdout.trimEnd().split("\n").length, 502);
    assert.match(stderr, /^\S+ \S+ WARN {3}The log file .* cannot be written: file too large.*\n$/);
    assert.ok(messages(path).length > 100);
  },
});

for (
  const [name, ending] of [
    ["Deno.exit", "Deno.exit(7);"],
    ["an error that nobody catches", 'throw new Error("x");'],
    ["kill -9", 'Deno.kill(Deno.pid, "SIGKILL");'],
  ] as const
) {
  Deno.test(`no line is lost at ${name}`, async () => {
    using folder = temporaryFolder();
    const path = `${folder.path}/run.log`;
    const source = program(
      path,
      `for (let i = 0; i < 300; i++) logger.info("line " + i); ${ending}`,
    );
    const { stdout } = await runScript(folder.path, source);
    assert.equal(messages(path).length, 300);
    assert.equal(stdout.trimEnd().split("\n").length, 300);
  });
}

Deno.test("logging needs no permissions but to read and to write", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/run.log`;
  const { code, stderr } = await runScript(
    folder.path,
    program(path, 'logger.error("bad", new Error("x"));'),
    { permissions: ["--allow-read", "--allow-write"] },
  );
  assert.equal(code, 0);
  assert.match(stderr, /^\S+ \S+ ERROR {2}bad\n$/);
});

for (const [name, maxSizeBytes] of [["", 1e9], [" and rotate", 300]] as const) {
  Deno.test(`four processes may write${name} the same log, and no line is lost`, async () => {
    using folder = temporaryFolder();
    const logs = `${folder.path}/logs`;
    const path = `${logs}/run.log`;
    const begin = Date.now() + 1500;
    const write = (name: string) =>
      startScript(
        folder.path,
        program(
          path,
          `while (Date.now() < ${begin}) await new Promise((resolve) => setTimeout(resolve, 1));
           for (let i = 0; i < 200; i++) logger.info("${name} " + i);`,
          maxSizeBytes,
        ),
        { stdout: "null" },
      ).output();
    const outputs = await Promise.all(["a", "b", "c", "d"].map(write));
    assert.deepEqual(outputs.map((output) => output.stderr.length), [0, 0, 0, 0]);
    const lines = filesIn(logs).flatMap((name) => messages(`${logs}/${name}`));
    assert.equal(lines.filter((line) => !/^[a-d] \d+$/.test(line)).length, 0, "a line is broken");
    assert.equal(new Set(lines).size, 800, `${800 - lines.length} lines are lost`);
    assert.equal(lines.length, 800);
  });
}

Deno.test("what a process was rotating when it was killed is rotated by the next one", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/run.log`;
  const line = (text: string) => `2026-11-22 10:00:00 INFO   ${text}\n`;
  Deno.writeTextFileSync(`${path}.1`, line("oldest"));
  Deno.writeTextFileSync(`${path}.rotating`, line("older"));
  Deno.writeTextFileSync(path, line("old").repeat(3));
  const opened = open({ path, maxSizeBytes: TWO_LINES });
  opened.log.logger.info("new");
  assert.deepEqual(filesIn(folder.path), ["run.log", "run.log.1", "run.log.2", "run.log.3"]);
  assert.deepEqual(messages(path), ["new"]);
  assert.deepEqual(messages(`${path}.1`), ["old", "old", "old"]);
  assert.deepEqual(messages(`${path}.2`), ["older"]);
  assert.deepEqual(messages(`${path}.3`), ["oldest"]);
});

Deno.test("a log that another program keeps from being moved costs no backup", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/run.log`;
  const original = Deno.renameSync;
  // As on Windows, while somebody looks at the log.
  Deno.renameSync = (from, to) => {
    if (from === path) throw new Deno.errors.PermissionDenied("Access is denied. (os error 5)");
    original(from, to);
  };
  try {
    for (const number of [1, 2, 3]) Deno.writeTextFileSync(`${path}.${number}`, `${number}`);
    const opened = open({ path, maxSizeBytes: TWO_LINES });
    for (let i = 0; i < 9; i++) opened.log.logger.info(`line ${i}`);
    for (const number of [1, 2, 3]) {
      assert.equal(Deno.readTextFileSync(`${path}.${number}`), `${number}`);
    }
    assert.equal(messages(path).length, 9);
    assert.match(opened.console(), /cannot be rotated and will grow: access is denied/);
  } finally {
    Deno.renameSync = original;
  }
});

Deno.test("a process that is stopped while it keeps the log does not stop another one", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/run.log`;
  const opened = open({ path });
  opened.log.logger.info("before");
  using file = Deno.openSync(path, { read: true });
  file.lockSync(true);
  const started = performance.now();
  opened.log.logger.info("meanwhile");
  assert.ok(performance.now() - started < 5_000);
  assert.deepEqual(messages(path), ["before", "meanwhile"]);
});

Deno.test("why a log file can't be written on Windows is told in words that help", () => {
  using folder = temporaryFolder();
  assert.equal(obstacleIn(folder.path), "it is a folder");
  assert.equal(obstacleIn(`${folder.path}/run.log`, "linux"), undefined);
  assert.match(
    obstacleIn("C:\\x\\%TEMP%\\x.log", "windows") ?? "",
    /such as %TEMP% are not expanded/,
  );
  if (Deno.build.os === "windows") return; // what is there, nobody knows
  assert.equal(obstacleIn("Q:\\logs\\x.log", "windows"), "there is no drive Q:");
  const share = "\\\\nas\\logs";
  assert.equal(obstacleIn(`${share}\\x.log`, "windows"), `the share ${share} cannot be reached`);
});
