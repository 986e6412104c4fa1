import assert from "node:assert/strict";
import { describeWritten } from "../../../src/init/draft.ts";

Deno.test("init says what it wrote, and on Windows how to keep both files to their user", () => {
  const written = { envFile: "C:\\x y\\.env", backup: "C:\\x y\\.env.bak", certificate: undefined };
  assert.equal(
    describeWritten(written, "windows"),
    `Wrote C:\\x y\\.env.
The previous file is now C:\\x y\\.env.bak.
Keep other users from reading the key, in a Command Prompt (cmd):
  icacls "C:\\x y\\.env" /inheritance:r /grant:r "%USERNAME%:F" "*S-1-5-18:F"
  icacls "C:\\x y\\.env.bak" /inheritance:r /grant:r "%USERNAME%:F" "*S-1-5-18:F"`,
  );
  const elsewhere = { envFile: "/x/.env", backup: undefined, certificate: "/x/immich-ca.pem" };
  assert.equal(
    describeWritten(elsewhere, "linux"),
    "Wrote /x/.env, readable by you only.\nThe certificate is in /x/immich-ca.pem.",
  );
});
