import assert from "node:assert/strict";
import {
  createAuthority,
  createExpired,
  createSelfSigned,
  type Emulator,
} from "../emulator/mod.ts";
import { checkWith, createLibrary } from "../support/checking.ts";
import { VERSIONS } from "../emulator/versions.ts";

for (const version of VERSIONS) {
  Deno.test(`check shows a certificate that is not trusted, on ${version}, and sends no key`, async () => {
    const certificate = await createSelfSigned();
    const { world, key } = createLibrary();
    let server: Emulator | undefined;
    const { code, the } = await checkWith({
      world,
      key,
      version,
      tls: certificate,
      prepare: (emulator) => void (server = emulator),
    });
    assert.equal(code, 1);
    const { message, hint } = the("connection");
    assert.match(message, /not trusted.*CN=localhost, self-signed, for localhost, 127\.0\.0\.1/);
    assert.match(
      message,
      /valid from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d, SHA-256 ([0-9A-F]{2}:){31}/,
    );
    assert.match(hint ?? "", /Set IMMICH_CA_CERT to a PEM file/);
    assert.deepEqual(server?.requests, []);
  });
}

Deno.test("check names the issuer of a private CA, and the file that does not hold it", async () => {
  const authority = await createAuthority("Home CA");
  const other = await createAuthority("Other CA");
  const { world, key } = createLibrary();
  const tls = await authority.issueServer();
  const without = await checkWith({ world, key, tls });
  assert.match(without.the("connection").hint ?? "", /IMMICH_CA_CERT.*its issuer, CN=Home CA/);
  const { code, the } = await checkWith({
    world,
    key,
    tls,
    settings: { IMMICH_CA_CERT: "ca.pem" },
    prepare: (_emulator, home) => Deno.writeTextFileSync(`${home.folder}/ca.pem`, other.cert),
  });
  assert.equal(code, 1);
  assert.match(the("connection").hint ?? "", /The file of IMMICH_CA_CERT does not contain it/);
});

Deno.test("check tells of a certificate that has expired, trusted or not", async () => {
  const expired = await createExpired();
  for (const settings of [{}, { IMMICH_CA_CERT: "ca.pem" }]) {
    const { world, key } = createLibrary();
    const { code, the } = await checkWith({
      world,
      key,
      tls: expired,
      settings,
      prepare: (_emulator, home) => Deno.writeTextFileSync(`${home.folder}/ca.pem`, expired.cert),
    });
    assert.equal(code, 1);
    assert.match(the("connection").hint ?? "", /has expired: renew the server's certificate/);
  }
});

Deno.test("check tells of a certificate for another host, with the names that it is for", async () => {
  const authority = await createAuthority();
  const tls = await authority.issueServer({ names: ["photos.example"], ips: [] });
  for (const settings of [{}, { IMMICH_CA_CERT: "ca.pem" }]) {
    const { world, key } = createLibrary();
    const { code, the } = await checkWith({
      world,
      key,
      tls,
      settings,
      prepare: (_emulator, home) => Deno.writeTextFileSync(`${home.folder}/ca.pem`, authority.cert),
    });
    assert.equal(code, 1);
    assert.match(
      the("connection").hint ?? "",
      /not for localhost: use one of its names \(photos\.example\) in IMMICH_URL/,
    );
  }
});

Deno.test("check tells of a trusted certificate that is about to expire", async () => {
  const authority = await createAuthority();
  for (const [days, status] of [[6.5, "warning"], [7.5, "ok"]] as const) {
    const notAfter = new Date(Date.now() + days * 24 * 60 * 60 * 1000);
    const { world, key } = createLibrary();
    const { code, the } = await checkWith({
      world,
      key,
      tls: await authority.issueServer({ notAfter }),
      settings: { IMMICH_CA_CERT: "ca.pem" },
      prepare: (_emulator, home) => Deno.writeTextFileSync(`${home.folder}/ca.pem`, authority.cert),
    });
    assert.equal(code, 0);
    assert.equal(the("connection").status, status);
    assert.match(the("connection").message, /verified/);
  }
});

Deno.test("check tells of a server that is not there, and of a page that is not Immich's", async () => {
  const { world, key } = createLibrary();
  const gone = await checkWith({
    world,
    key,
    settings: { IMMICH_URL: "http://localhost:9" },
  });
  assert.equal(gone.code, 1);
  assert.equal(gone.the("connection").status, "problem");
  const wrong = await checkWith({
    world,
    key,
    prepare: (emulator, home) => home.configure({ IMMICH_URL: `${emulator.url}/photos` }),
  });
  assert.equal(wrong.code, 1);
  assert.match(wrong.the("server").text, /web page instead of data.*Check IMMICH_URL/);
  const page = await checkWith({
    world,
    key,
    prepare: (emulator) =>
      emulator.faults.add({
        match: { path: /api/ },
        fault: { kind: "status", status: 302, headers: { location: "https://login.example/" } },
      }),
  });
  assert.equal(page.code, 1);
  assert.match(page.the("server").text, /redirected to https:\/\/login\.example.*IMMICH_HEADERS/);
});
