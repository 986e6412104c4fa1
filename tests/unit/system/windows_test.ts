/** What of Windows can be shown on any system; the rest is for the release workflow. */
import assert from "node:assert/strict";
import { temporaryFolder } from "../../../src/system/paths.ts";
import { listenForStop } from "../../../src/system/signals.ts";

function lookup(variables: Record<string, string>): (name: string) => string | undefined {
  return (name) => variables[name];
}

Deno.test("as SYSTEM, which has no profile of a person, all runs meet in one folder", () => {
  const profile = "C:\\Windows\\system32\\config\\systemprofile";
  const scheduled = {
    SystemRoot: "C:\\Windows",
    TEMP: "C:\\Windows\\TEMP",
    TMP: "C:\\Windows\\TEMP",
  };
  assert.equal(temporaryFolder(lookup(scheduled), "windows"), "C:\\Windows\\TEMP");
  assert.equal(
    temporaryFolder(lookup({ USERPROFILE: profile }), "windows"),
    `${profile}\\AppData\\Local\\Temp`,
  );
});

Deno.test("a folder on a drive of its own, with spaces, slashes or of a share, is taken as it is", () => {
  for (
    const folder of ["D:\\My Temp", "d:/temp", "\\\\nas\\share\\t", "C:\\Users\\Jürgen Groß\\t"]
  ) {
    assert.equal(temporaryFolder(lookup({ TMP: folder }), "windows"), folder);
  }
  // Relative to the current folder of that drive, or of the current drive: not always the same.
  for (const folder of ["C:temp", "\\temp", "/temp", "%TEMP%"]) {
    assert.equal(temporaryFolder(lookup({ TMP: folder }), "windows"), "C:\\Windows\\Temp");
  }
});

Deno.test("on Windows Ctrl+C and Ctrl+Break are listened to, and SIGTERM, which it lacks, is not", () => {
  const asked: string[] = [];
  const original = Deno.addSignalListener;
  const remove = Deno.removeSignalListener;
  Deno.addSignalListener = (signal) => void asked.push(signal);
  Deno.removeSignalListener = () => {};
  try {
    listenForStop(() => {}, "windows")();
  } finally {
    Deno.addSignalListener = original;
    Deno.removeSignalListener = remove;
  }
  assert.deepEqual(asked, ["SIGINT", "SIGBREAK"]);
});
