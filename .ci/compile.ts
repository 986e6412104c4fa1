// deno-lint-ignore-file no-console -- it talks to a person
/**
 * Makes the executables in dist/: bundles the program, so that only what is used is in it, and
 * compiles the bundle with the permissions of `deno task sync`. Without arguments that of this
 * system, else those named (`windows-x64 linux-arm64`); `--all` makes those of all systems, and
 * what else a release has.
 *
 * Deno downloads its runtimes. For machines that can't, DENORT_WINDOWS_X64, DENORT_LINUX_ARM64 and
 * so on name the one to put in for each target, DENORT_BIN that of this system. They are of the
 * version of the Deno that compiles, which DENO_FOR_COMPILE names if it is another one.
 */
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ENV_EXAMPLE } from "../src/config/variables.ts";
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

async function run(
  command: string,
  args: string[],
  environment: Record<string, string> = Deno.env.toObject(),
): Promise<Output> {
  try {
    const options = { args, cwd: ROOT, env: environment, clearEnv: true };
    const { success, stdout, stderr } = await new Deno.Command(command, options).output();
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
    ["describe", "--always", "--dirty", "--abbrev=7", "--exclude=*"],
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
    [
      "bundle",
      "--quiet",
      "--platform=deno",
      "--minify",
      "--code-splitting",
      `--outdir=${folder}`,
      "src/main.ts",
    ],
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

/** `windows-x64`, as it is called in file names and on the command line. */
function systemOf({ os, arch }: Target): string {
  return `${os}-${arch}`;
}

/** The variable that names the runtime of a target: `DENORT_WINDOWS_X64`. */
export function runtimeVariableOf(target: Target): string {
  return `DENORT_${systemOf(target).replace("-", "_").toUpperCase()}`;
}

/**
 * The environment to compile in, where Deno itself knows DENORT_BIN only: the target's own runtime,
 * and never that of another system; without one Deno downloads it.
 */
export function environmentFor(
  target: Target,
  environment: Readonly<Record<string, string>>,
  isThisSystem: boolean,
): Record<string, string> {
  const { DENORT_BIN: ofThisSystem, ...others } = environment;
  const runtime = environment[runtimeVariableOf(target)] || (isThisSystem ? ofThisSystem : "");
  return runtime ? { ...others, DENORT_BIN: runtime } : others;
}

/** What went wrong, or undefined. */
async function compile(target: Target, files: readonly string[]): Promise<string | undefined> {
  const entry = files.find((file) => file.endsWith("/main.js"));
  if (entry === undefined) throw new Error("The bundle has no main.js");
  const include = files.filter((file) => file !== entry);
  const { success, text } = await run(
    compiler(),
    compileArguments(entry, `dist/${fileNameOf(target)}`, { triple: target.triple, include }),
    environmentFor(target, Deno.env.toObject(), target === thisTarget()),
  );
  if (success) return undefined;
  return `${text}\nDeno downloads its runtime from dl.deno.land. Without that, set ` +
    `${runtimeVariableOf(target)} to the denort of that system and of the very version of Deno ` +
    "(or of the Deno that DENO_FOR_COMPILE names).";
}

/**
 * Puts beside the executables what explains all variables, without the dot that hides a file and
 * that GitHub takes for a name to change; and the sums of all, for `sha256sum --check`.
 */
export function completeRelease(folder: string, executables: readonly string[]): void {
  Deno.copyFileSync(`${ROOT}.env.example`, `${folder}/${ENV_EXAMPLE}`);
  const lines = [...executables, ENV_EXAMPLE].map((name) => {
    const hash = createHash("sha256").update(Deno.readFileSync(`${folder}/${name}`));
    return `${hash.digest("hex")}  ${name}\n`;
  });
  Deno.writeTextFileSync(`${folder}/SHA256SUMS`, lines.join(""));
}

async function main(targets: readonly Target[], isRelease: boolean): Promise<number> {
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
  if (isRelease) completeRelease(`${ROOT}dist`, made);
  for (const name of made) console.log(`dist/${name}`);
  return made.length === targets.length ? 0 : 1;
}

/** @throws Error if there is no such system. */
function targetNamed(name: string): Target {
  const found = TARGETS.find((target) => systemOf(target) === name);
  if (found !== undefined) return found;
  throw new Error(`Name one of ${TARGETS.map(systemOf).join(", ")}, not "${name}"`);
}

if (import.meta.main) {
  const all = Deno.args.includes("--all");
  const named = Deno.args.filter((arg) => arg !== "--all").map(targetNamed);
  Deno.exit(await main(all ? TARGETS : named.length > 0 ? named : [thisTarget()], all));
}
