import assert from "node:assert/strict";
import { createWorld, startEmulator } from "../../emulator/mod.ts";
import { createHome } from "../../support/home.ts";
import { runForSummary } from "../../support/program.ts";

Deno.test("channels that are all slow cost a run 45 s at most, together", async () => {
  const world = createWorld();
  world.addUser({ name: "Alice" });
  await using emulator = await startEmulator({ version: "3.1.0", world });
  // The system takes the connections, and nobody ever answers.
  using silent = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = silent.addr;
  using home = createHome(emulator, "revoked-0123456789", {
    HEALTHCHECK_URL: `http://127.0.0.1:${port}/0b1e7c0a-5f0c-4f0e-9c55-51f1a2b3c4d5`,
    WEBHOOK_URL: `http://127.0.0.1:${port}/h00k-of-mine`,
    ENABLE_EMAIL_ON_ERROR: "true",
    EMAIL_SMTP_SERVER: "127.0.0.1",
    EMAIL_SMTP_PORT: String(port),
    EMAIL_SMTP_SECURITY: "none",
    EMAIL_FROM: "sync@example.com",
    EMAIL_TO: "alice@example.com",
  });
  const started = performance.now();
  const { code, stderr, summary } = await runForSummary({ cwd: home.folder });
  const lost = performance.now() - started - summary.durationMs;
  assert.equal(code, 1);
  for (const says of [/health check .*10 s/, /webhook .*10 s/, /mail could not be sent/]) {
    assert.match(stderr, says);
  }
  assert.ok(lost < 45_000, `${lost} ms`);
});
