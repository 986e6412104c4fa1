import assert from "node:assert/strict";
import type { Job, Schedule } from "../../../src/schedule/job.ts";
import { scheduleByLaunchd } from "../../../src/schedule/launchd.ts";
import { timesOf } from "../../../src/schedule/times.ts";
import { scheduleByWindows } from "../../../src/schedule/windows.ts";
import { writeFiles } from "../../../src/schedule/write.ts";
import { temporaryFolder } from "../../support/script.ts";
import { leftOut, PYTHON } from "../../support/tools.ts";
import { askPython, jobIn, ODD_NAMES } from "../../support/jobs.ts";

const HAS_PYTHON = PYTHON !== undefined;

function testWithPython(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: name + leftOut(HAS_PYTHON, "python3"), ignore: !HAS_PYTHON, fn });
}

async function written<T>(schedule: Schedule, look: (path: string) => Promise<T>): Promise<T> {
  using folder = temporaryFolder();
  const [file] = writeFiles(folder.path, schedule.files);
  return await look(file?.path ?? "");
}

function parsePlist(job: Job): Promise<unknown> {
  return written(
    scheduleByLaunchd(job),
    (path) => askPython("plistlib", "plistlib.loads(data)", path),
  );
}

testWithPython(
  "a plist parser finds the program, its arguments and its folder in launchd's file",
  async () => {
    for (const name of ODD_NAMES) {
      const job = jobIn(`/Users/me/${name}`, { args: ["--env-file", `/Users/me/${name}/my .env`] });
      assert.deepEqual(await parsePlist(job), {
        Label: "immich-faceless-sync",
        ProgramArguments: [job.program, ...job.args],
        WorkingDirectory: job.folder,
        StartCalendarInterval: [{ Minute: 0 }],
        ProcessType: "Background",
      });
    }
  },
);

testWithPython("launchd is told each start of a day, or each of an hour", async () => {
  const starts = async (...times: Parameters<typeof timesOf>) => {
    const plist = await parsePlist(jobIn("/opt", { times: timesOf(...times) }));
    assert.ok(typeof plist === "object" && plist !== null && "StartCalendarInterval" in plist);
    return plist.StartCalendarInterval;
  };
  assert.deepEqual(await starts("20m", 5), [{ Minute: 5 }, { Minute: 25 }, { Minute: 45 }]);
  assert.deepEqual(await starts("12h", 210), [{ Hour: 3, Minute: 30 }, { Hour: 15, Minute: 30 }]);
});

/** Every element with its path, in the order of the file, and its text. */
const ELEMENTS = `(lambda walk, root: walk(walk, root, ""))(
  lambda walk, node, path: [[path + "/" + node.tag.split("}")[1], (node.text or "").strip()]] +
    [row for child in node for row in walk(walk, child, path + "/" + node.tag.split("}")[1])],
  xml.etree.ElementTree.fromstring(data))`;

async function parseTask(job: Job): Promise<[path: string, text: string][]> {
  const elements = await written(
    scheduleByWindows(job),
    (path) => askPython("xml.etree.ElementTree", ELEMENTS, path),
  );
  assert.ok(Array.isArray(elements));
  return elements;
}

const WINDOWS_FOLDERS = [
  "C:\\Faceless",
  "C:\\My Photos (old)",
  "D:\\Фото фünf 写真 & more",
  "\\\\nas\\it's 100% $HOME",
];

testWithPython(
  "an XML parser finds program, arguments and folder in the task of Windows",
  async () => {
    for (const folder of WINDOWS_FOLDERS) {
      const args = ["--env-file", `${folder}\\my.env`];
      const job = jobIn(folder, { program: `${folder}\\immich-faceless-sync.exe`, args });
      const values = new Map(await parseTask(job));
      const quoted = (text: string) => text.includes(" ") ? `"${text}"` : text;
      assert.equal(values.get("/Task/Actions/Exec/Command"), quoted(job.program));
      assert.equal(
        values.get("/Task/Actions/Exec/Arguments"),
        `--env-file ${quoted(`${folder}\\my.env`)}`,
      );
      assert.equal(values.get("/Task/Actions/Exec/WorkingDirectory"), folder);
    }
  },
);

testWithPython(
  "the elements stand in the order of Windows' task schema, with the settings that matter",
  async () => {
    const elements = await parseTask(jobIn("C:\\Faceless", { times: timesOf("6h", 210) }));
    const under = (parent: string) =>
      elements.map(([path]) => path).filter((path) =>
        path.startsWith(`${parent}/`) && !path.slice(parent.length + 1).includes("/")
      ).map((path) => path.slice(parent.length + 1));
    // MS-TSCH 2.5: sequences; Settings is in any order.
    assert.deepEqual(under("/Task"), [
      "RegistrationInfo",
      "Triggers",
      "Principals",
      "Settings",
      "Actions",
    ]);
    const trigger = "/Task/Triggers/CalendarTrigger";
    assert.deepEqual(under(trigger), ["Enabled", "StartBoundary", "Repetition", "ScheduleByDay"]);
    assert.deepEqual(under("/Task/Actions/Exec"), ["Command", "WorkingDirectory"]);
    const values = new Map(elements);
    assert.match(values.get(`${trigger}/StartBoundary`) ?? "", /T03:30:00$/);
    assert.equal(values.get(`${trigger}/Repetition/Interval`), "PT6H");
    assert.equal(values.get("/Task/Principals/Principal/LogonType"), "Password");
    assert.equal(values.get("/Task/Settings/MultipleInstancesPolicy"), "IgnoreNew");
    assert.equal(values.get("/Task/Settings/StartWhenAvailable"), "true");
    assert.equal(values.get("/Task/Settings/DisallowStartIfOnBatteries"), "false");
    assert.equal(values.get("/Task/Settings/StopIfGoingOnBatteries"), "false");
  },
);

testWithPython("a daily task has no repetition", async () => {
  const paths = (await parseTask(jobIn("C:\\F", { times: timesOf("1d", 210) }))).map(([path]) =>
    path
  );
  assert.ok(!paths.some((path) => path.includes("Repetition")));
});

Deno.test("the task is written as Windows wants it, and printed in ASCII without a claim of encoding", async () => {
  const schedule = scheduleByWindows(jobIn("C:\\Фото"));
  assert.match(schedule.files[0]?.content ?? "", /^<\?xml version="1\.0"\?>\n[\x20-\x7e\n]*$/);
  await written(schedule, async (path) => {
    const bytes = await Deno.readFile(path);
    assert.deepEqual([...bytes.subarray(0, 4)], [0xff, 0xfe, "<".charCodeAt(0), 0]);
    const text = new TextDecoder("utf-16le").decode(bytes);
    assert.equal(text.replaceAll("\r\n", "\n"), schedule.files[0]?.content);
  });
});
