import assert from "node:assert/strict";
import { writeFiles } from "../../../src/schedule/write.ts";
import { temporaryFolder } from "../../support/script.ts";

Deno.test("when one of the files can't be written none stays, but what was there before", () => {
  using folder = temporaryFolder();
  Deno.writeTextFileSync(`${folder.path}/before`, "same");
  const [before, first, second] = ["before", "first", "no such folder/second"]
    .map((name) => ({ name, content: "same" }));
  assert.ok(before && first && second);
  assert.throws(() => writeFiles(folder.path, [before, first, second]), /Cannot write .*second: /);
  assert.deepEqual([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["before"]);
  const written = writeFiles(folder.path, [before, first]);
  assert.deepEqual(written.map(({ isNew }) => isNew), [false, true]);
});
