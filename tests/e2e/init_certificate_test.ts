import assert from "node:assert/strict";
import { createAuthority, createExpired, createSelfSigned } from "../emulator/mod.ts";
import { runForSummary } from "../support/program.ts";
import { CTRL_C, DOWN, ENTER, runOnTerminal, testOnTerminal } from "../support/terminal.ts";
import { ALBUM, createScene, KEY, NO_MAIL, URL, YES } from "../support/init_scene.ts";

testOnTerminal("init stores a self-signed certificate only after a yes", async () => {
  const certificate = await createSelfSigned();
  await using scene = await createScene({ tls: certificate });
  const { cwd, emulator, key } = scene;
  const refused = await runOnTerminal([
    [URL, emulator.url + ENTER],
    ["do you want to trust it", ENTER],
    ["That did not work", DOWN + ENTER],
    [KEY, key + ENTER],
    [ALBUM, ENTER],
    ...NO_MAIL,
    YES,
  ], { cwd, args: ["init"] });
  assert.equal(refused.code, 0, refused.shown);
  assert.match(refused.shown, /SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}/);
  assert.match(refused.shown, /CN=localhost, for localhost, 127\.0\.0\.1/);
  assert.deepEqual(scene.files(), [".env"]);
  assert.deepEqual(emulator.requests, [], "nothing is sent to a server that is not trusted");

  const accepted = await runOnTerminal([
    [URL, ENTER],
    ["do you want to trust it", `y${ENTER}`],
    [KEY, ENTER],
    [ALBUM, ENTER],
    ...NO_MAIL,
    YES,
  ], { cwd, args: ["init"] });
  assert.equal(accepted.code, 0, accepted.shown);
  assert.deepEqual(scene.files(), [".env", ".env.bak", "immich-ca.pem"]);
  assert.match(Deno.readTextFileSync(scene.envFile), /^IMMICH_CA_CERT=immich-ca\.pem$/m);
  const { summary } = await runForSummary({ cwd });
  assert.equal(summary.exitCode, 0);
});

testOnTerminal("init shows what an unverified certificate says, and obeys none of it", async () => {
  const name = "\x1b[1A\x1b[2KSHA-256 00:11\u009b2K";
  const selfSigned = await createSelfSigned({ commonName: name, keyType: "ec" });
  const issued = await (await createAuthority(name)).issueServer();
  const cases = [[selfSigned, "do you want to trust it"], [issued, "PEM file with"]] as const;
  for (const [tls, question] of cases) {
    await using scene = await createScene({ tls });
    const { shown } = await runOnTerminal([
      [URL, scene.emulator.url + ENTER],
      [question, CTRL_C],
    ], { cwd: scene.cwd, args: ["init"] });
    assert.match(shown, /\\x1b\[1A\\x1b\[2KSHA-256 00:11\\x9b2K/);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(shown, /\x1b\[1A\x1b\[2KSHA|\x9b/);
  }
});

testOnTerminal(
  "init asks for the file of a private CA, and trusts no expired certificate",
  async () => {
    const authority = await createAuthority("Home CA");
    {
      await using scene = await createScene({ tls: await authority.issueServer() });
      const { cwd, emulator, key } = scene;
      Deno.writeTextFileSync(`${cwd}/home-ca.pem`, authority.cert);
      const { code, shown } = await runOnTerminal([
        [URL, emulator.url + ENTER],
        ["certificate of the issuer, CN=Home CA", `home-ca.pem${ENTER}`],
        [KEY, key + ENTER],
        [ALBUM, ENTER],
        ...NO_MAIL,
        YES,
      ], { cwd, args: ["init"] });
      assert.equal(code, 0, shown);
      assert.equal((await runForSummary({ cwd })).code, 0);
    }
    await using scene = await createScene({ tls: await createExpired() });
    const { code, shown } = await runOnTerminal([
      [URL, scene.emulator.url + ENTER],
      ["That did not work", CTRL_C],
    ], { cwd: scene.cwd, args: ["init"] });
    assert.equal(code, 130);
    assert.match(shown, /has expired/);
    assert.doesNotMatch(shown, /do you want to trust it/);
  },
);
