import assert from "node:assert/strict";

const TESTS = new URL("../", import.meta.url);
/** What every suite may use; the emulator's own tests stand beside it. */
const SHARED = ["support", "emulator"];

/** Paths of modules below a folder, from tests/ on. */
function modulesIn(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, TESTS))].flatMap(({ name, isDirectory }) =>
    isDirectory ? modulesIn(`${folder}${name}/`) : name.endsWith(".ts") ? [folder + name] : []
  );
}

Deno.test("no suite of tests imports another", () => {
  for (const path of modulesIn("")) {
    const [suite, ...rest] = path.split("/");
    if (rest.length === 0) continue;
    const source = Deno.readTextFileSync(new URL(path, TESTS));
    for (const [, imported = ""] of source.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
      const url = new URL(imported, new URL(path, TESTS)).href;
      if (!url.startsWith(TESTS.href)) continue;
      const [other = ""] = url.slice(TESTS.href.length).split("/");
      assert.ok(other === suite || SHARED.includes(other), `${path} imports ${imported}`);
    }
  }
});
