import assert from "node:assert/strict";
import {
  createAuthority,
  createCommonNameOnly,
  createExpired,
  createSelfSigned,
  createWorld,
  startEmulator,
  type World,
} from "./mod.ts";

Deno.test("a private CA's certificate is good for those who trust the CA, and only for its names", async () => {
  const authority = await createAuthority();
  const world = worldOfAlice();
  const tls = await authority.issueServer();
  await using emulator = await startEmulator({ version: "3.1.0", world, tls });
  assert.match(emulator.url, /^https:/);
  assert.equal(await statusOf(emulator.url, { caCerts: [authority.cert] }), 200);
  assert.equal(
    await statusOf(emulator.url.replace("localhost", "127.0.0.1"), { caCerts: [authority.cert] }),
    200,
  );
  assert.match(String(await statusOf(emulator.url, {})), /UnknownIssuer/);
  const other = await authority.issueServer({ names: ["photos.example"], ips: [] });
  await using elsewhere = await startEmulator({ version: "3.1.0", world, tls: other });
  assert.match(
    String(await statusOf(elsewhere.url, { caCerts: [authority.cert] })),
    /not valid for name/i,
  );
});

Deno.test("self-signed, expired and CN-only certificates are refused by those who do not know them", async () => {
  for (const make of [createSelfSigned, createExpired, createCommonNameOnly]) {
    const tls = await make();
    await using emulator = await startEmulator({ version: "3.1.0", world: worldOfAlice(), tls });
    assert.match(String(await statusOf(emulator.url, {})), /invalid peer certificate/);
  }
});

Deno.test("with mutual TLS only clients with a certificate of the client CA get an answer", async () => {
  const [authority, stranger] = [await createAuthority(), await createAuthority("Stranger")];
  const tls = { ...await authority.issueServer(), clientCa: authority.cert };
  await using emulator = await startEmulator({ version: "3.1.0", world: worldOfAlice(), tls });
  const caCerts = [authority.cert];
  assert.equal(await statusOf(emulator.url, { caCerts, ...await authority.issueClient() }), 200);
  assert.match(String(await statusOf(emulator.url, { caCerts })), /CertificateRequired/);
  const wrong = await stranger.issueClient();
  assert.match(String(await statusOf(emulator.url, { caCerts, ...wrong })), /alert|reset|closed/);
});

async function statusOf(
  url: string,
  options: { caCerts?: string[]; cert?: string; key?: string },
): Promise<number | string> {
  const { cert, key, caCerts = [] } = options;
  const pair = cert === undefined || key === undefined ? {} : { cert, key };
  using client = Deno.createHttpClient({ caCerts, ...pair });
  try {
    const response = await fetch(`${url}/api/server/ping`, { client });
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    return error instanceof Error ? `${error.message} ${error.cause}` : String(error);
  }
}

function worldOfAlice(): World {
  const world = createWorld();
  world.addUser({ name: "Alice" });
  return world;
}
