import assert from "node:assert/strict";
import denoJson from "../../deno.json" with { type: "json" };
import { permissionsOf } from "../../.ci/compile.ts";
import { temporaryFolder } from "../support/script.ts";
import { compileLikeProgram, PROGRAM, runAlone, testCompiled } from "../support/compiled.ts";

/** What is baked into an executable stands at its end, as JSON. */
const TAIL_BYTES = 4 << 20;

/** Tries what the program must not be able to, and what it must, and tells what went through. */
const PROBE = `
const tries = {
  run: () => new Deno.Command("/bin/true").outputSync(),
  runItself: () => new Deno.Command(Deno.execPath()).outputSync(),
  ffi: () => Deno.dlopen("/nowhere.so", {}),
  hostname: () => Deno.hostname(),
  systemMemoryInfo: () => Deno.systemMemoryInfo(),
  loadavg: () => Deno.loadavg(),
  otherVariable: () => Deno.env.get("AWS_SECRET_ACCESS_KEY"),
  path: () => Deno.env.get("PATH"),
  wholeEnvironment: () => Deno.env.toObject(),
  setOtherVariable: () => Deno.env.set("LD_PRELOAD", "x"),
  ownVariable: () => Deno.env.get("API_KEY"),
  read: () => Deno.readTextFileSync("/etc/hosts"),
  write: () => Deno.makeTempDirSync() && 0,
  net: () => Deno.listen({ hostname: "127.0.0.1", port: 0 }).close(),
};
const answers = {};
for (const [name, attempt] of Object.entries(tries)) {
  try {
    attempt();
    answers[name] = "allowed";
  } catch (error) {
    answers[name] = error instanceof Deno.errors.NotCapable ? "denied" : "allowed: " + error;
  }
}
console.log(JSON.stringify(answers));
`;

Deno.test("the permissions of the program are net, read, write and the variables it reads", () => {
  const permissions = permissionsOf();
  assert.deepEqual(permissions.map((permission) => permission.split("=")[0]), [
    "--no-prompt",
    "--allow-net",
    "--allow-read",
    "--allow-write",
    "--allow-env",
  ]);
  assert.ok(!permissions.includes("--allow-env"), "some variables, not all");
});

Deno.test("the source is allowed what the set in deno.json says, and nothing beside it", () => {
  const words = denoJson.tasks.sync.split(" ");
  assert.deepEqual(words.filter((word) => /^-[^-]|^--(?:allow|deny|permission)/.test(word)), [
    "-P=sync",
  ]);
  assert.ok(words.includes("--no-prompt"));
});

Deno.test("an executable is not made when a permission has a form that would get lost", () => {
  for (const value of [false, [], {}, { allow: ["A"], deny: ["B"] }, "A", null]) {
    assert.throws(() => permissionsOf({ env: value }), /allows env in a form/);
  }
});

testCompiled(
  "what is compiled like the program can't start programs, load libraries or look around",
  async () => {
    using folder = temporaryFolder();
    const probe = `${folder.path}/probe`;
    await compileLikeProgram(PROBE, probe);
    const { code, stdout, stderr } = await runAlone([probe], {
      env: { API_KEY: "k", AWS_SECRET_ACCESS_KEY: "s", PATH: "/usr/bin:/bin", TMPDIR: folder.path },
    });
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), {
      run: "denied",
      runItself: "denied",
      ffi: "denied",
      hostname: "denied",
      systemMemoryInfo: "denied",
      loadavg: "denied",
      otherVariable: "denied",
      path: "denied",
      wholeEnvironment: "denied",
      setOtherVariable: "denied",
      ownVariable: "allowed",
      read: "allowed",
      write: "allowed",
      net: "allowed",
    });
  },
);

testCompiled(
  "the compiled program itself has these permissions and no others baked in",
  async () => {
    const names = permissionsOf().find((word) => word.startsWith("--allow-env="))?.slice(12);
    using file = await Deno.open(PROGRAM ?? "");
    const { size } = await file.stat();
    await file.seek(Math.max(0, size - TAIL_BYTES), Deno.SeekMode.Start);
    const tail = new TextDecoder("latin1").decode(
      await new Response(file.readable).arrayBuffer(),
    );
    const baked = /"permissions":(\{[^{}]*\})/.exec(tail)?.[1];
    assert.ok(baked !== undefined, "the executable states its permissions in another form");
    const permissions: Record<string, unknown> = JSON.parse(baked);
    delete permissions["allow_import"]; // Deno's default, which deny_import overrules
    const granted = Object.entries(permissions).filter(([name, value]) =>
      /^(?:allow|deny)_/.test(name) && value !== null && value !== false
    );
    assert.deepEqual(Object.fromEntries(granted), {
      allow_env: names?.split(","),
      allow_net: [],
      allow_read: [],
      allow_write: [],
      deny_import: [],
    });
  },
);
