import assert from "node:assert/strict";
import { createWorld, MINIMAL_PERMISSIONS, startEmulator } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { askPython } from "../support/jobs.ts";
import { runProgram } from "../support/program.ts";
import { hasCommand, leftOut } from "../support/tools.ts";

/** What starts programs of Windows here, as RUN_ON_WINDOWS names it; else this test has no use. */
const WINDOWS = Deno.env.get("RUN_ON_WINDOWS") ?? "";
const CAN_RUN = Deno.env.get("PROGRAM_SYSTEM") === "wine" && await hasCommand("python3");

/** What a strict parser finds in the task: the command line, and the folder it is started in. */
const TASK = `(lambda root, name: [root.find(".//{*}" + each).text for each in name])(
  xml.etree.ElementTree.fromstring(data), ["Command", "Arguments", "WorkingDirectory"])`;

Deno.test({
  name: "Windows takes the task, and its command line starts a sync in a folder with an odd name" +
    leftOut(CAN_RUN, "Wine"),
  ignore: !CAN_RUN,
  fn: async () => {
    const world = createWorld();
    const alice = world.addUser({ name: "Alice" });
    world.addAsset({ owner: alice });
    const key = world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS });
    await using emulator = await startEmulator({ version: "3.1.0", world });
    using home = createHome(emulator, key);
    const folder = `${home.folder}/Größe & Söhne`;
    Deno.mkdirSync(folder);
    Deno.renameSync(home.envFile, `${folder}/my .env`);
    const written = await runProgram({
      cwd: folder,
      args: ["schedule", "windows", "--env-file", "my .env", "--write", "."],
    });
    assert.equal(written.code, 0, written.stderr);

    const file = `${folder}/immich-faceless-sync.xml`;
    const create = ["schtasks.exe", "/Create", "/TN", "faceless-test", "/XML", windowsPath(file)];
    assert.deepEqual(await onWindows(folder, create), 0);
    assert.deepEqual(
      await onWindows(folder, ["schtasks.exe", "/Delete", "/TN", "faceless-test", "/F"]),
      0,
    );

    const task = await askPython("xml.etree.ElementTree", TASK, file);
    assert.ok(Array.isArray(task));
    const [command, args, workingFolder] = task.map(String);
    assert.equal(workingFolder, windowsPath(folder));
    // The line as it stands in the task; a variable, as a script would need an encoding for it.
    Deno.writeTextFileSync(`${folder}/start.cmd`, '@cd /d "%TASK_FOLDER%"\r\n@%TASK_LINE%\r\n');
    const code = await onWindows(folder, ["cmd.exe", "/c", "start.cmd"], {
      TASK_FOLDER: `${workingFolder}`,
      TASK_LINE: `${command} ${args}`,
    });
    assert.equal(code, 0);
    assert.equal([...world.albums.values()][0]?.assets.size, 1);
    assert.ok(Deno.statSync(`${folder}/faceless_sync.log`).isFile);
  },
});

function windowsPath(path: string): string {
  return `Z:${path.replaceAll("/", "\\")}`;
}

async function onWindows(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<number> {
  const { status } = new Deno.Command(WINDOWS, {
    args: [...args],
    cwd,
    env,
    stdin: "null",
    // Not piped: services that it makes Windows start would keep the pipes open for a minute.
    stdout: "null",
    stderr: "null",
  }).spawn();
  return (await status).code;
}
