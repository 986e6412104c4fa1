import assert from "node:assert/strict";
import { scheduleBySystemd } from "../../../src/schedule/systemd.ts";
import { INTERVALS, timesOf } from "../../../src/schedule/times.ts";
import { temporaryFolder } from "../../support/script.ts";
import { hasCommand, leftOut } from "../../support/tools.ts";
import { jobIn, ODD_NAMES, run } from "../../support/jobs.ts";

const HAS_ANALYZE = await hasCommand("systemd-analyze");

function testAnalyzed(name: string, fn: () => Promise<void>): void {
  const skipped = leftOut(HAS_ANALYZE, "systemd-analyze");
  Deno.test({ name: name + skipped, ignore: !HAS_ANALYZE, fn });
}

/** Writes both units and has systemd look at them; what it complains about. */
async function complaints(folder: string, job: Parameters<typeof scheduleBySystemd>[0]) {
  const paths = scheduleBySystemd(job).files.map(({ name, content }) => {
    Deno.writeTextFileSync(`${folder}/${name}`, content);
    return `${folder}/${name}`;
  });
  const { code, stdout, stderr } = await run(["systemd-analyze", "verify", "--man=no", ...paths]);
  return { code, text: stdout + stderr };
}

for (const name of ODD_NAMES) {
  testAnalyzed(`systemd understands the units of a program in the folder ${name}`, async () => {
    using temporary = temporaryFolder();
    const folder = `${temporary.path}/${name}`;
    Deno.mkdirSync(folder);
    const job = jobIn(folder, { args: ["--env-file", `${folder}/my .env`], user: "faceless" });
    // It looks whether the program is there, so that a wrongly quoted path is a complaint.
    Deno.writeTextFileSync(job.program, "#!/bin/sh\n", { mode: 0o755 });
    assert.deepEqual(await complaints(temporary.path, job), { code: 0, text: "" });
    if (/["'\\]/.test(folder)) return; // a shell starts this one
    Deno.removeSync(job.program);
    assert.notEqual((await complaints(temporary.path, job)).code, 0, "it does look");
  });
}

testAnalyzed("systemd starts it at the times that were asked for", async () => {
  const starts = async (interval: typeof INTERVALS[number], at?: number) => {
    const [, timer] = scheduleBySystemd(jobIn("/opt", { times: timesOf(interval, at) })).files;
    const calendar = /^OnCalendar=(.*)$/m.exec(timer?.content ?? "")?.[1] ?? "";
    const { code, stdout, stderr } = await run([
      "systemd-analyze",
      "calendar",
      "--base-time=2026-01-01 12:00:01",
      "--iterations=3",
      calendar,
    ]);
    assert.equal(code, 0, stderr);
    return [
      ...stdout.matchAll(/(?:Next elapse|Iteration #\d|Iter\. #\d): \w+ (\S+ \d\d:\d\d:\d\d)/g),
    ]
      .map(([, time]) => time?.slice(5));
  };
  assert.deepEqual(await starts("15m"), ["01-01 12:15:00", "01-01 12:30:00", "01-01 12:45:00"]);
  assert.deepEqual(await starts("1h"), ["01-01 13:00:00", "01-01 14:00:00", "01-01 15:00:00"]);
  assert.deepEqual(await starts("6h", 210), ["01-01 15:30:00", "01-01 21:30:00", "01-02 03:30:00"]);
  assert.deepEqual(await starts("1d", 210), ["01-02 03:30:00", "01-03 03:30:00", "01-04 03:30:00"]);
});

testAnalyzed("systemd finds the service little exposed", async () => {
  using temporary = temporaryFolder();
  const [service] = scheduleBySystemd(jobIn("/opt", { user: "faceless" })).files;
  const path = `${temporary.path}/immich-faceless-sync.service`;
  Deno.writeTextFileSync(path, service?.content ?? "");
  const { stdout } = await run(["systemd-analyze", "security", "--offline=true", path]);
  const exposure = Number(/exposure level[^:]*: ([\d.]+)/.exec(stdout)?.[1] ?? 10);
  assert.ok(exposure < 4, stdout.slice(-200));
});

Deno.test("a busy or stopped run is no failure for systemd, and the timer makes up for a missed one", () => {
  const [service, timer] = scheduleBySystemd(jobIn("/opt")).files;
  assert.match(service?.content ?? "", /^Type=oneshot$/m);
  assert.match(service?.content ?? "", /^SuccessExitStatus=5 143$/m);
  assert.match(timer?.content ?? "", /^Persistent=true$/m);
});

Deno.test("the service may write the folders of the log and the lock, and runs as who owns the env file", () => {
  const [service] =
    scheduleBySystemd(jobIn("/opt", { writtenFolders: ["/var/log/my logs"], user: "me" })).files;
  assert.match(service?.content ?? "", /^ReadWritePaths="\/var\/log\/my logs" \/tmp$/m);
  assert.match(service?.content ?? "", /^User=me$/m);
  const [ofRoot] = scheduleBySystemd(jobIn("/opt")).files;
  assert.doesNotMatch(ofRoot?.content ?? "", /User=/);
});

Deno.test("a $ in a path is no variable for systemd, and a plain path needs no newer systemd", () => {
  const start = (folder: string) =>
    /^ExecStart=.*$/m.exec(scheduleBySystemd(jobIn(folder)).files[0]?.content ?? "")?.[0];
  assert.equal(start("/opt/$HOME"), 'ExecStart=:"/opt/$HOME/immich-faceless-sync"');
  assert.equal(start("/opt/faceless"), "ExecStart=/opt/faceless/immich-faceless-sync");
});
