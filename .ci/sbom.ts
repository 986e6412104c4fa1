// deno-lint-ignore-file no-console -- its output is the document
/**
 * Prints what the executables consist of, as CycloneDX 1.6: the packages that the program can
 * reach, with the hashes of deno.lock, and the runtime that they are compiled with.
 */
import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import denoJson from "../deno.json" with { type: "json" };

const GraphSchema = v.object({
  modules: v.array(v.object({ npmPackage: v.optional(v.string()) })),
  npmPackages: v.record(
    v.string(),
    v.object({ name: v.string(), version: v.string(), dependencies: v.array(v.string()) }),
  ),
});
const LockSchema = v.object({
  npm: v.record(v.string(), v.object({ integrity: v.string() })),
});
const lockFile = new URL("../deno.lock", import.meta.url);

async function reachablePackages() {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "src/main.ts"],
    cwd: fileURLToPath(new URL("../", import.meta.url)),
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { modules, npmPackages } = v.parse(
    GraphSchema,
    JSON.parse(new TextDecoder().decode(stdout)),
  );
  const { npm: locked } = v.parse(LockSchema, JSON.parse(Deno.readTextFileSync(lockFile)));
  // The graph names all packages of deno.lock; those of the tests are not imported from src.
  const reached = new Set(modules.flatMap(({ npmPackage }) => npmPackage ?? []));
  for (const id of reached) npmPackages[id]?.dependencies.forEach((each) => reached.add(each));
  return [...reached].map((id) => {
    const found = npmPackages[id];
    const integrity = locked[id]?.integrity;
    if (found === undefined || integrity === undefined) throw new Error(`Not in deno.lock: ${id}`);
    const { name, version } = found;
    return { name, version, sha512: integrity.replace(/^sha512-/, "") };
  }).sort((a, b) => a.name < b.name ? -1 : 1);
}

const components = (await reachablePackages()).map(({ name, version, sha512 }) => {
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  const content = Buffer.from(sha512, "base64").toString("hex");
  const hashes = [{ alg: "SHA-512", content }];
  return { type: "library", "bom-ref": purl, name, version, purl, hashes };
});
const runtime = `pkg:github/denoland/deno@v${Deno.version.deno}`;
console.log(JSON.stringify(
  {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": "immich-faceless-sync",
        name: "immich-faceless-sync",
        version: denoJson.version,
        licenses: [{ license: { id: denoJson.license } }],
      },
    },
    components: [
      ...components,
      {
        type: "platform",
        "bom-ref": runtime,
        name: "deno",
        version: Deno.version.deno,
        purl: runtime,
      },
    ],
  },
  null,
  2,
));
