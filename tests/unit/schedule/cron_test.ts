import assert from "node:assert/strict";
import { scheduleByCron } from "../../../src/schedule/cron.ts";
import { INTERVALS, timesOf } from "../../../src/schedule/times.ts";
import { temporaryFolder } from "../../support/script.ts";
import { hasCommand, leftOut } from "../../support/tools.ts";
import { commandOfCronLine, jobIn, ODD_NAMES, run } from "../../support/jobs.ts";

const IS_UNIX = Deno.build.os !== "windows";
/** Only Debian's can look at a file without installing it; elsewhere -n means something else. */
const HAS_CRONTAB = await hasCommand("crontab") &&
  /-n\s+\(dry run/.test((await run(["crontab", "-h"])).stderr);

function lineOf(job: Parameters<typeof scheduleByCron>[0]): string {
  const [file] = scheduleByCron(job).files;
  const [comment = "", line = "", end] = file?.content.split("\n") ?? [];
  assert.match(comment, /^# immich-faceless-sync, every /);
  assert.equal(end, "");
  return line;
}

Deno.test("the fields of a crontab line say when", () => {
  const fields = (interval: typeof INTERVALS[number], at?: number) =>
    lineOf(jobIn("/opt", { times: timesOf(interval, at) })).split(" ").slice(0, 5).join(" ");
  assert.equal(fields("1h"), "0 * * * *");
  assert.equal(fields("15m"), "*/15 * * * *");
  assert.equal(fields("15m", 7), "7,22,37,52 * * * *");
  assert.equal(fields("1h", 210), "30 * * * *");
  assert.equal(fields("6h", 210), "30 3,9,15,21 * * *");
  assert.equal(fields("1d", 210), "30 3 * * *");
});

Deno.test({
  name: "crontab takes every interval and every odd path" +
    leftOut(HAS_CRONTAB, "crontab with a dry run"),
  ignore: !HAS_CRONTAB,
  fn: async () => {
    const jobs = [
      ...INTERVALS.map((interval) => jobIn("/opt", { times: timesOf(interval, 1439) })),
      ...ODD_NAMES.map((name) => jobIn(`/opt/${name}`)),
    ];
    const text = jobs.map((job) => scheduleByCron(job).files[0]?.content ?? "").join("");
    const { code, stderr } = await run(["crontab", "-n", "-"], text);
    assert.equal(code, 0, stderr);
    const broken = await run(["crontab", "-n", "-"], "99 * * * * true\n");
    assert.notEqual(broken.code, 0, "it does look");
  },
});

/** A program that says where it is, what it was given, and complains, and ends as it is told. */
const PROGRAM = `#!/bin/sh
echo chatter
printf '%s|%s\\n' "$(pwd)" "$*" >"$(dirname "$0")/seen"
printf '%s\\n' 'complaint 100%s \\n' >&2
exit $(cat "$(dirname "$0")/code")
`;

for (const name of ODD_NAMES) {
  Deno.test({
    name: `cron's shell starts the program in the folder ${name}, and prints problems only` +
      leftOut(IS_UNIX, "/bin/sh"),
    ignore: !IS_UNIX,
    fn: async () => {
      using temporary = temporaryFolder();
      const folder = `${Deno.realPathSync(temporary.path)}/${name}`;
      Deno.mkdirSync(folder);
      const job = jobIn(folder, { args: ["--env-file", `${folder}/my .env`] });
      Deno.writeTextFileSync(job.program, PROGRAM, { mode: 0o755 });
      const line = lineOf(job);
      assert.doesNotMatch(line, /\\\\/, "some crons take the first of two away");
      for (
        const [code, mailed] of [[0, false], [1, true], [2, true], [4, true], [5, false]] as const
      ) {
        Deno.writeTextFileSync(`${folder}/code`, String(code));
        const ended = await run(["/bin/sh", "-c", commandOfCronLine(line)]);
        assert.equal(ended.stdout, mailed ? "complaint 100%s \\n\n" : "", `exit code ${code}`);
        assert.equal(ended.stderr, "");
        const seen = Deno.readTextFileSync(`${folder}/seen`);
        assert.equal(seen, `${folder}|--env-file ${folder}/my .env\n`);
      }
    },
  });
}

Deno.test({
  name: "cron says so when the folder is gone" + leftOut(IS_UNIX, "/bin/sh"),
  ignore: !IS_UNIX,
  fn: async () => {
    const line = lineOf(jobIn("/nowhere/at all"));
    const { code, stderr } = await run(["/bin/sh", "-c", commandOfCronLine(line)]);
    assert.notEqual(code, 0);
    assert.match(stderr, /\/nowhere\/at all/);
  },
});
