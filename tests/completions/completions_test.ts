import assert from "node:assert/strict";
import { SHELLS } from "../../src/cli.ts";
import { runProgram } from "../e2e/program.ts";
import { temporaryFolder } from "../system/script.ts";
import { hasCommand, leftOut } from "../tools.ts";

/** What is typed after the program's name, and what the last word of it becomes. */
const CASES: readonly (readonly [typed: string, becomes: string])[] = [
  ["comp", "completions"],
  ["--dr", "--dry-run"],
  ["sync --fo", "--force"],
  ["--log-level w", "warn"],
  ["--env-file x --log-level de", "debug"],
  ["completions --js", "--json"],
  ["completions po", "powershell"],
  ["schedule sy", "systemd"],
  ["schedule cron --every 15", "15m"],
  ["schedule --at 03:30 --wr", "--write"],
  ["schedule cron --write pho", "photos"],
  ["--env-file hol", "holiday"],
];

async function writeScript(shell: string, folder: string): Promise<string> {
  const { code, stdout, stderr } = await runProgram({ args: ["completions", shell] });
  assert.equal(code, 0, stderr);
  const file = `${folder}/completion`;
  Deno.writeTextFileSync(file, stdout);
  Deno.mkdirSync(`${folder}/work`);
  Deno.mkdirSync(`${folder}/work/photos`);
  Deno.writeTextFileSync(`${folder}/work/photos.txt`, "");
  Deno.writeTextFileSync(`${folder}/work/holiday`, "");
  return file;
}

async function run(folder: string, ...command: readonly string[]): Promise<string> {
  const [program = "", ...args] = command;
  const { stdout, stderr, success } = await new Deno.Command(program, {
    args,
    cwd: `${folder}/work`,
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: folder, TERM: "dumb" },
    clearEnv: true,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  assert.ok(success, decoder.decode(stderr));
  assert.equal(decoder.decode(stderr), "");
  return decoder.decode(stdout);
}

/** Sets what bash sets when TAB is pressed, and asks the function that it would ask. */
const ASK_BASH = `
source "$1"
read -ra COMP_WORDS <<<"immich-faceless-sync $2"
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
complete -p immich-faceless-sync | grep -q _immich_faceless_sync || exit 1
_immich_faceless_sync immich-faceless-sync
printf '%s\\n' "\${COMPREPLY[@]}"
`;

/** Types into an interactive zsh and lets it complete; what its line has become goes to a file. */
const ASK_ZSH = `
zmodload zsh/zpty
zpty z "zsh -f -i"
zpty -w z "autoload -Uz compinit; compinit -D -u; source $1"
zpty -w z "probe() { zle complete-word; print -r -- \\"\\$BUFFER\\" >$3; exit }"
zpty -w z "zle -N probe; bindkey '^T' probe"
zpty -w -n z "immich-faceless-sync $2"$'\\x14'
for i in {1..200}; do
  [[ -s $3 ]] && break
  zpty -rt z >/dev/null
  sleep 0.05
done
zpty -d z
`;

const ASK: Readonly<
  Record<string, (folder: string, file: string, typed: string) => Promise<string>>
> = {
  bash: (folder, file, typed) =>
    run(folder, "bash", "--norc", "--noprofile", "-c", ASK_BASH, "bash", file, typed),
  fish: async (folder, file, typed) => {
    const command = `source $argv[1]; complete -C "immich-faceless-sync $argv[2]"`;
    const lines = await run(folder, "fish", "--no-config", "-c", command, file, typed);
    return lines.replace(/\t.*$/gm, ""); // the descriptions
  },
  zsh: async (folder, file, typed) => {
    const answer = `${folder}/answer-${crypto.randomUUID()}`;
    await run(folder, "zsh", "-f", "-c", ASK_ZSH, "zsh", file, typed, answer);
    return Deno.readTextFileSync(answer).trim().split(" ").at(-1) ?? "";
  },
};

for (const [shell, ask] of Object.entries(ASK)) {
  const isThere = await hasCommand(shell);
  Deno.test({
    name: `${shell} completes commands, options, choices and files` + leftOut(isThere, shell),
    ignore: !isThere,
    fn: async () => {
      using folder = temporaryFolder();
      const file = await writeScript(shell, folder.path);
      for (const [typed, becomes] of CASES) {
        // Some shells put what comes next, too.
        const word = (await ask(folder.path, file, typed)).trim().replace(/[/=]$/, "");
        assert.equal(word, becomes, typed);
      }
    },
  });
}

const HAS_POWERSHELL = await hasCommand("pwsh");

Deno.test({
  name: "powershell completes commands, options and choices" + leftOut(HAS_POWERSHELL, "pwsh"),
  ignore: !HAS_POWERSHELL,
  fn: async () => {
    using folder = temporaryFolder();
    const file = await writeScript("powershell", folder.path);
    for (const [typed, becomes] of CASES) {
      if (becomes === "holiday") continue; // its own doing
      const line = `immich-faceless-sync ${typed}`;
      const command = `. ([scriptblock]::Create((Get-Content -Raw '${file}')));` +
        `(TabExpansion2 -inputScript '${line}' -cursorColumn ${line.length})` +
        ".CompletionMatches.CompletionText";
      assert.equal((await run(folder.path, "pwsh", "-NoProfile", "-c", command)).trim(), becomes);
    }
  },
});

const HAS_BASH = await hasCommand("bash");

Deno.test({
  name: "bash offers a file whose name has a space as one, and choices after --option=" +
    leftOut(HAS_BASH, "bash"),
  ignore: !HAS_BASH,
  fn: async () => {
    using folder = temporaryFolder();
    const file = await writeScript("bash", folder.path);
    Deno.writeTextFileSync(`${folder.path}/work/my photos.env`, "");
    const ask = ASK["bash"];
    assert.equal(await ask?.(folder.path, file, "--env-file my"), "my photos.env\n");
    // Bash itself takes the "=" for a word.
    assert.equal(await ask?.(folder.path, file, "--log-level = e"), "error\n");
    assert.equal(await ask?.(folder.path, file, "--log-level ="), "debug\ninfo\nwarn\nerror\n");
  },
});

Deno.test("each script offers every command and every option of the help", async () => {
  const { stdout: help } = await runProgram({ args: ["--help"] });
  const options = new Set(
    [...help.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, name]) => name),
  );
  assert.ok(options.size >= 7);
  for (const shell of SHELLS) {
    const { stdout } = await runProgram({ args: ["completions", shell] });
    for (const name of options) {
      assert.match(stdout, new RegExp(`(?:--|-l )${name}\\b`), `${shell}: ${name}`);
    }
  }
});

Deno.test("with --json the script is one JSON document", async () => {
  const { stdout } = await runProgram({ args: ["completions", "fish", "--json"] });
  const { shell, script } = JSON.parse(stdout);
  assert.equal(shell, "fish");
  assert.match(script, /^complete -c immich-faceless-sync /m);
});
