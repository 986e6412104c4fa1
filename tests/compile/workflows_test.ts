import assert from "node:assert/strict";
import denoJson from "../../deno.json" with { type: "json" };
import {
  completeRelease,
  environmentFor,
  fileNameOf,
  runtimeVariableOf,
  TARGETS,
} from "../../.ci/compile.ts";
import { renderEnvExample } from "../../.ci/env_example.ts";
import { ENV_EXAMPLE } from "../../src/config/variables.ts";
import { temporaryFolder } from "../support/script.ts";

const FOLDER = new URL("../../.github/workflows/", import.meta.url);

function readWorkflows(): { name: string; text: string }[] {
  return [...Deno.readDirSync(FOLDER)].map(({ name }) => ({
    name,
    text: Deno.readTextFileSync(new URL(name, FOLDER)),
  }));
}

Deno.test("every action is pinned by its commit's hash, with the version beside it", () => {
  for (const { name, text } of readWorkflows()) {
    const uses = text.split("\n").filter((line) => /\buses:/.test(line));
    assert.ok(uses.length > 0);
    for (const line of uses) {
      assert.match(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, name);
    }
  }
});

Deno.test("a workflow has no permissions, and each job only what it needs", () => {
  for (const { name, text } of readWorkflows()) {
    assert.match(text, /^permissions: \{\}$/m, name);
    const granted = [...text.matchAll(/^ {4}permissions:\n((?: {6}\S.*\n)+)/gm)].map(([, block]) =>
      block?.trim().split(/\n */)
    );
    const read = ["contents: read"];
    const expected = name === "ci.yml"
      ? [read]
      : [read, read, ["attestations: write", "id-token: write"], ["contents: write"]];
    assert.deepEqual(granted, expected, name);
    const jobs = text.slice(text.indexOf("\njobs:")).match(/^ {2}[\w-]+:$/gm);
    assert.equal(granted.length, jobs?.length, "each job states its permissions");
    const checkouts = text.match(/uses: actions\/checkout@/g)?.length;
    assert.equal(text.match(/persist-credentials: false/g)?.length, checkouts, name);
  }
});

Deno.test("nothing from outside gets into a script: expressions stand in env only", () => {
  for (const { name, text } of readWorkflows()) {
    for (const line of text.split("\n").filter((line) => line.includes("${{"))) {
      assert.match(line, /^ +(?:runs-on|group|TARGET|GH_TOKEN): /, name);
      if (/^ {6}group|^ {4}runs-on|^ {2}group/.test(line)) continue;
      assert.match(line, /\$\{\{ (?:matrix\.target|github\.token) \}\}$/, name);
    }
  }
});

Deno.test("the release tries every target on a system of its own, with the pinned Deno", () => {
  const release = readWorkflows().find(({ name }) => name === "release.yml")?.text ?? "";
  const tried = [...release.matchAll(/target: ([\w-]+) \}/g)].map(([, target]) => target);
  assert.deepEqual(tried, TARGETS.map(({ os, arch }) => `${os}-${arch}`));
  for (const [, version] of release.matchAll(/deno@(\S+)/g)) assert.equal(version, "2.9.6");
});

Deno.test("a release has the file of all variables that help and init name, with its checksum", () => {
  using folder = temporaryFolder();
  Deno.writeTextFileSync(`${folder.path}/executable`, "");
  completeRelease(folder.path, ["executable"]);
  assert.match(ENV_EXAMPLE, /^\w/, "neither hidden nor renamed");
  const text = Deno.readTextFileSync(`${folder.path}/${ENV_EXAMPLE}`);
  assert.equal(text.replaceAll("\r\n", "\n"), renderEnvExample());
  const sums = Deno.readTextFileSync(`${folder.path}/SHA256SUMS`).trim().split("\n");
  assert.deepEqual(sums.map((line) => line.replace(/^[0-9a-f]{64} {2}/, "")), [
    "executable",
    ENV_EXAMPLE,
  ]);
});

Deno.test("an executable is named after version, system and processor", () => {
  assert.deepEqual(TARGETS.map((target) => fileNameOf(target, "1.2.3")), [
    "immich-faceless-sync-1.2.3-linux-x64",
    "immich-faceless-sync-1.2.3-linux-arm64",
    "immich-faceless-sync-1.2.3-windows-x64.exe",
    "immich-faceless-sync-1.2.3-windows-arm64.exe",
    "immich-faceless-sync-1.2.3-macos-x64",
    "immich-faceless-sync-1.2.3-macos-arm64",
  ]);
  assert.match(denoJson.version, /^\d+\.\d+\.\d+$/);
});

Deno.test("each target takes its own runtime, and never that of another system", () => {
  assert.deepEqual(TARGETS.map(runtimeVariableOf), [
    "DENORT_LINUX_X64",
    "DENORT_LINUX_ARM64",
    "DENORT_WINDOWS_X64",
    "DENORT_WINDOWS_ARM64",
    "DENORT_MACOS_X64",
    "DENORT_MACOS_ARM64",
  ]);
  const [linux, , windows] = TARGETS;
  assert.ok(linux && windows);
  const given = { PATH: "/bin", DENORT_BIN: "/own", DENORT_WINDOWS_X64: "/windows" };
  const runtimes = [[linux, true], [linux, false], [windows, false], [windows, true]] as const;
  assert.deepEqual(
    runtimes.map(([target, isThis]) => environmentFor(target, given, isThis)["DENORT_BIN"]),
    ["/own", undefined, "/windows", "/windows"],
  );
  assert.equal(environmentFor(windows, given, false)["PATH"], "/bin");
});
