import assert from "node:assert/strict";
import { temporaryFolder } from "../../../src/system/paths.ts";

function lookup(variables: Record<string, string>): (name: string) => string | undefined {
  return (name) => variables[name];
}

Deno.test("the temporary folder is the environment's, in the order of each system", () => {
  const all = { TMPDIR: "/a", TMP: "/b", TEMP: "/c" };
  assert.equal(temporaryFolder(lookup(all), "linux"), "/a");
  assert.equal(temporaryFolder(lookup({ TEMP: "/c" }), "darwin"), "/c");
  assert.equal(temporaryFolder(lookup({ TEMP: "D:\\t", TMP: "E:\\t" }), "windows"), "E:\\t");
});

Deno.test("without variables the temporary folder is the system's own", () => {
  assert.equal(temporaryFolder(lookup({}), "linux"), "/tmp");
  assert.equal(
    temporaryFolder(lookup({ USERPROFILE: "C:\\Users\\me" }), "windows"),
    "C:\\Users\\me\\AppData\\Local\\Temp",
  );
  assert.equal(temporaryFolder(lookup({ SystemRoot: "E:\\W" }), "windows"), "E:\\W\\Temp");
  assert.equal(temporaryFolder(lookup({}), "windows"), "C:\\Windows\\Temp");
});

Deno.test("empty and relative folders are passed over", () => {
  assert.equal(temporaryFolder(lookup({ TMPDIR: "", TMP: "tmp", TEMP: "/c" }), "linux"), "/c");
  assert.equal(temporaryFolder(lookup({ TMP: "tmp", TEMP: "/c" }), "windows"), "C:\\Windows\\Temp");
  assert.equal(temporaryFolder(lookup({ TMP: "\\\\nas\\t" }), "windows"), "\\\\nas\\t");
});
