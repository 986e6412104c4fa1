// deno-lint-ignore-file no-console -- it talks to a person
/**
 * Makes the executable for this system: bundles the program, so that only what is used is in it,
 * and compiles the one file with the permissions of `deno task sync`. DENO_FOR_COMPILE names
 * another Deno for the second step, DENORT_BIN its runtime, for machines that can't download one.
 */
import { fileURLToPath } from "node:url";
import denoJson from "../deno.json" with { type: "json" };

const root = fileURLToPath(new URL("../", import.meta.url));
const bundle = `${root}dist/main.js`;
const { os, arch } = Deno.build;
const name = `immich-faceless-sync-${denoJson.version}-${os === "darwin" ? "macos" : os}-${
  arch === "x86_64" ? "x64" : "arm64"
}${os === "windows" ? ".exe" : ""}`;
const permissions = denoJson.tasks.sync.split(" ").filter((word) =>
  word.startsWith("--allow-") || word === "--no-prompt"
);

async function deno(command: string, ...args: string[]): Promise<void> {
  const { success } = await new Deno.Command(command, { args, cwd: root }).spawn().status;
  if (!success) {
    console.error(
      `Could not ${
        args[0]
      }. To compile without a network, set DENORT_BIN to the denort of the same ` +
        "version as Deno (or as the Deno that DENO_FOR_COMPILE names).",
    );
    Deno.exit(1);
  }
}

await deno(
  Deno.execPath(),
  "bundle",
  "--quiet",
  "--platform=deno",
  `--output=${bundle}`,
  "src/main.ts",
);
const compiler = Deno.env.get("DENO_FOR_COMPILE") ?? Deno.execPath();
await deno(
  compiler,
  "compile",
  "--quiet",
  "--no-check",
  ...permissions,
  `--output=dist/${name}`,
  bundle,
);
await Deno.remove(bundle);
console.log(`dist/${name}`);
