// deno-lint-ignore-file no-console -- it talks to a person
/**
 * Makes the executables in dist/: bundles the program, so that only what is used is in it, and
 * compiles the bundle with the permissions of `deno task sync`. `--all` makes those of all systems,
 * and SHA256SUMS.
 *
 * DENORT_BIN is the runtime to put in, for machines that can't download one; it is of this system
 * and of the version of the Deno that compiles, which DENO_FOR_COMPILE names if it is another one.
 */
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import denoJson from "../deno.json" with { type: "json" };

const ROOT = fileURLToPath(new URL("../", import.meta.url));

export interface Target {
  readonly triple: string;
  readonly os: "linux" | "windows" | "macos";
  readonly arch: "x64" | "arm64";
}

export const TARGETS: readonly Target[] = [
  { triple: "x86_64-unknown-linux-gnu", os: "linux", arch: "x64" },
  { triple: "aarch64-unknown-linux-gnu", os: "linux", arch: "arm64" },
  { triple: "x86_64-pc-windows-msvc", os: "windows", arch: "x64" },
  { triple: "aarch64-pc-windows-msvc", os: "windows", arch: "arm64" },
  { triple: "x86_64-apple-darwin", os: "macos", arch: "x64" },
  { triple: "aarch64-apple-darwin", os: "macos", arch: "arm64" },
];

/** `immich-faceless-sync-<version>-<os>-<arch>[.exe]` */
export function fileNameOf({ os, arch }: Target, version: string = denoJson.version): string {
  return `immich-faceless-sync-${version}-${os}-${arch}${os === "windows" ? ".exe" : ""}`;
}

/**
 * What the program may do: as the source may by the set `sync` in deno.json's `permissions`, the
 * one place where that stands. A variable that the program reads is added to its `env`.
 */
export function permissionsOf(
  set: Readonly<Record<string, unknown>> = denoJson.permissions.sync,
): string[] {
  const flags = Object.entries(set).map(([name, value]) => {
    if (value === true) return `--allow-${name}`;
    const isList = Array.isArray(value) && value.length > 0;
    if (!isList) throw new Error(`deno.json allows ${name} in a form that nobody has thought of`);
    return `--allow-${name}=${value.join(",")}`;
  });
  return ["--no-prompt", ...flags];
}

/** How V8 runs it: with small spaces for new objects a scan takes a third less memory. */
function v8Flags(): string[] {
  return denoJson.tasks.sync.split(" ").filter((word) => word.startsWith("--v8-flags="));
}

/**
 * The arguments of Deno that make an executable.
 *
 * Without V8's code cache: the program would write it to, and read it from, a file of a known name
 * in the folder for temporary files, where any user of the machine can put another (denoland/deno
 * #36143). An executable that cron starts as root must not take its code from there.
 */
export function compileArguments(
  entry: string,
  output: string,
  options: { readonly triple?: string; readonly include?: readonly string[] } = {},
): string[] {
  return [
    "compile",
    "--quiet",
    "--no-check",
    "--no-config",
    "--no-code-cache",
    ...permissionsOf(),
    ...v8Flags(),
    // Else it has the permission to load code from deno.land, jsr.io and more, Deno's default.
    "--deny-import",
    ...options.triple === undefined ? [] : [`--target=${options.triple}`],
    ...(options.include ?? []).map((path) => `--include=${path}`),
    `--output=${output}`,
    entry,
  ];
}

/** The Deno that compiles; its runtime is in the executable. */
export function compiler(): string {
  return Deno.env.get("DENO_FOR_COMPILE") || Deno.execPath();
}

function thisTarget(): Target {
  const target = TARGETS.find(({ triple }) => triple === Deno.build.target);
  if (target === undefined) throw new Error(`Deno compiles nothing for ${Deno.build.target}`);
  return target;
}

interface Output {
  readonly success: boolean;
  readonly text: string;
}

async function run(command: string, ...args: string[]): Promise<Output> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(command, { args, cwd: ROOT })
      .output();
    const decoder = new TextDecoder();
    const text = decoder.decode(success ? stdout : stderr).replace(/\n+Stack backtrace:[^]*$/, "");
    return { success, text: text.trim() };
  } catch (error) {
    return { success: false, text: String(error) }; // there is no such command
  }
}

/** Undefined outside a clone, where the version alone has to do. */
async function currentCommit(): Promise<string | undefined> {
  const { success, text } = await run(
    "git",
    "describe",
    "--always",
    "--dirty",
    "--abbrev=7",
    "--exclude=*",
  );
  return success && text !== "" ? text : undefined;
}

/**
 * In several files, so that the mailer, for instance, costs nothing until a mail is sent. Minified,
 * and without the functions' names, it starts 10 ms earlier.
 */
async function bundle(folder: string, commit: string | undefined): Promise<string[]> {
  const { success, text } = await run(
    Deno.execPath(),
    "bundle",
    "--quiet",
    "--platform=deno",
    "--minify",
    "--code-splitting",
    `--outdir=${folder}`,
    "src/main.ts",
  );
  if (!success) throw new Error(`Could not bundle: ${text}`);
  const files = [...Deno.readDirSync(folder)].map(({ name }) => `${folder}/${name}`);
  if (commit !== undefined) writeCommit(files, commit);
  return files;
}

/** Puts the commit in the place that src/version.ts has for it. */
function writeCommit(files: readonly string[], commit: string): void {
  const place = "<commit>";
  let written = 0;
  for (const file of files) {
    const code = Deno.readTextFileSync(file);
    if (!code.includes(place)) continue;
    Deno.writeTextFileSync(file, code.replaceAll(place, commit));
    written++;
  }
  if (written === 0) throw new Error(`The bundle has no ${place}, see src/version.ts`);
}

/** Why this machine can't make it, or undefined. */
function obstacle(target: Target): string | undefined {
  if (!Deno.env.get("DENORT_BIN") || target === thisTarget()) return undefined;
  return "DENORT_BIN is the runtime of this system only; unset it where the network can be reached";
}

async function compile(target: Target, files: readonly string[]): Promise<string | undefined> {
  const why = obstacle(target);
  if (why !== undefined) return why;
  const entry = files.find((file) => file.endsWith("/main.js"));
  if (entry === undefined) throw new Error("The bundle has no main.js");
  const include = files.filter((file) => file !== entry);
  const { success, text } = await run(
    compiler(),
    ...compileArguments(entry, `dist/${fileNameOf(target)}`, { triple: target.triple, include }),
  );
  if (success) return undefined;
  return `${text}\nDeno downloads its runtime from dl.deno.land. Without that, set DENORT_BIN to ` +
    "the denort of this system and of the very version of Deno (or of the Deno that " +
    "DENO_FOR_COMPILE names).";
}

/** In the form of sha256sum, for `sha256sum --check`. */
function writeChecksums(names: readonly string[]): void {
  const lines = names.map((name) => {
    const hash = createHash("sha256").update(Deno.readFileSync(`${ROOT}dist/${name}`));
    return `${hash.digest("hex")}  ${name}\n`;
  });
  Deno.writeTextFileSync(`${ROOT}dist/SHA256SUMS`, lines.join(""));
}

async function main(targets: readonly Target[], withChecksums: boolean): Promise<number> {
  // Not a folder for temporary files: its name gets into the executable.
  const folder = `${ROOT}dist/bundle`;
  rmSync(folder, { recursive: true, force: true });
  const made: string[] = [];
  try {
    const files = await bundle(folder, await currentCommit());
    for (const target of targets) {
      const name = fileNameOf(target);
      const failure = await compile(target, files);
      if (failure === undefined) made.push(name);
      else console.error(`Could not make dist/${name}: ${failure}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (withChecksums) writeChecksums(made);
  for (const name of made) console.log(`dist/${name}`);
  return made.length === targets.length ? 0 : 1;
}

if (import.meta.main) {
  const all = Deno.args.includes("--all");
  Deno.exit(await main(all ? TARGETS : [thisTarget()], all));
}
