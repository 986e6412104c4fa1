import { fileURLToPath } from "node:url";
import { join } from "node:path";

const ROOT = new URL("../../", import.meta.url);

export interface ScriptOptions {
  /** Default: everything; a list gives only these. */
  readonly permissions?: readonly string[];
  readonly env?: Record<string, string>;
  readonly stdout?: "piped" | "null";
  /** Shell commands that the process is started with; not on Windows. */
  readonly shell?: string;
}

/**
 * Starts a program in a process of its own, for what only a whole process can show. In its source,
 * `src/…` in an import names the files of this project.
 *
 * @param folder Where the source is put; the caller deletes it.
 */
export function startScript(
  folder: string,
  source: string,
  { permissions = ["-A"], env = {}, stdout = "piped", shell }: ScriptOptions = {},
): Deno.ChildProcess {
  const file = join(folder, `script-${crypto.randomUUID()}.ts`);
  Deno.writeTextFileSync(file, source.replaceAll(`"src/`, `"${new URL("src/", ROOT).href}`));
  const args = [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-check",
    "--no-lock",
    `--config=${fileURLToPath(new URL("deno.json", ROOT))}`,
    ...permissions,
    file,
  ];
  const [program, programArgs] = shell === undefined
    ? [Deno.execPath(), args]
    : ["sh", ["-c", `${shell}; exec "$0" "$@"`, Deno.execPath(), ...args]];
  return new Deno.Command(program, {
    args: programArgs,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout,
    stderr: "piped",
  }).spawn();
}

/** Runs it to its end. */
export async function runScript(
  folder: string,
  source: string,
  options: ScriptOptions = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await startScript(folder, source, options).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** A temporary folder that goes with the block it was made in. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = Deno.makeTempDirSync({ prefix: "faceless-test-" });
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

/** Reads until the text has come, so that a test need not guess how long a process takes. */
export async function readUntil(
  stream: ReadableStream<Uint8Array>,
  text: string,
): Promise<string> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let all = "";
  while (!all.includes(text)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the process ended without "${text}": ${all}`);
    all += value;
  }
  // Nobody reads on, but the process must not fail to write.
  void drain(reader);
  return all;
}

async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}
