import { compileArguments, compiler } from "../../.ci/compile.ts";

/** The compiled program that is tested; undefined when it is the source. */
export const PROGRAM: string | undefined = Deno.env.get("PROGRAM_UNDER_TEST") || undefined;

/** A test of the compiled file; left out, by its name, where there is none. */
export function testCompiled(name: string, test: () => Promise<void>, ignore = false): void {
  const reason = PROGRAM === undefined ? " (left out: PROGRAM_UNDER_TEST names no program)" : "";
  Deno.test({ name: name + reason, ignore: PROGRAM === undefined || ignore, fn: test });
}

/** Compiles a module as the program is compiled: same runtime, same permissions. */
export async function compileLikeProgram(source: string, output: string): Promise<void> {
  const entry = `${output}.js`;
  Deno.writeTextFileSync(entry, source);
  const { success, stderr } = await new Deno.Command(compiler(), {
    args: compileArguments(entry, output),
  }).output();
  Deno.removeSync(entry);
  if (!success) throw new Error(`Could not compile: ${new TextDecoder().decode(stderr)}`);
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in exactly this environment and nothing to read on its standard input. */
export async function runAlone(
  command: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  const [program = "", ...args] = command;
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd: options.cwd ?? "/",
    env: options.env ?? {},
    clearEnv: true,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
