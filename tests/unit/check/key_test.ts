import assert from "node:assert/strict";
import { checkKey, KEY_PERMISSIONS } from "../../../src/check/key.ts";
import { loadConfig } from "../../../src/config/load.ts";

Deno.test("check takes no permission for too much that this program has a use for", () => {
  const loaded = loadConfig({
    cwd: "/",
    environment: (name) => ({ IMMICH_URL: "https://photos.example", API_KEY: "key" })[name],
  });
  assert.ok(loaded.ok);
  const server = {
    ...{ version: "3.2.0", isUntried: false, structuredSearch: true },
    ...{ unassignedFaces: false, stableTies: true },
  };
  const statusWith = (...more: readonly string[]) => {
    const permissions = [...KEY_PERMISSIONS, "person.read", "asset.statistics", ...more];
    return checkKey({ name: "key", permissions }, loaded.config, { server, albumExists: true })
      .status;
  };
  for (const used of ["asset.view", "face.read", "stack.read", "user.read"]) {
    assert.equal(statusWith(used), "ok", used);
  }
  assert.equal(statusWith("asset.delete"), "warning");
});
