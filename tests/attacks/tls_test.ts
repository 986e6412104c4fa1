import assert from "node:assert/strict";
import {
  type Certificate,
  createAuthority,
  createCommonNameOnly,
  createExpired,
  createSelfSigned,
  type Emulator,
  type IssueOptions,
  startEmulator,
} from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { createSmallLibrary } from "../support/small_library.ts";
import { runForSummary } from "../support/program.ts";

/** A server with one asset behind this certificate. */
async function startSecured(
  tls: Certificate & { clientCa?: string },
  hostname = "localhost",
): Promise<{ emulator: Emulator; key: string }> {
  const { world, key } = createSmallLibrary();
  return { emulator: await startEmulator({ version: "3.1.0", world, tls, hostname }), key };
}

/** Syncs with the given files in the home folder and returns what came of it. */
async function syncWith(
  emulator: Emulator,
  key: string,
  settings: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
) {
  using home = createHome(emulator, key, settings);
  for (const [name, text] of Object.entries(files)) {
    Deno.writeTextFileSync(`${home.folder}/${name}`, text, { mode: 0o600 });
  }
  return await runForSummary({ cwd: home.folder, env });
}

const CA = { IMMICH_CA_CERT: "ca.pem" };

Deno.test("IMMICH_CA_CERT trusts a private CA, relative to the env file", async () => {
  const authority = await createAuthority();
  const { emulator, key } = await startSecured(await authority.issueServer());
  await using _ = emulator;
  const { code, summary, stderr } = await syncWith(emulator, key, CA, { "ca.pem": authority.cert });
  assert.equal(code, 0, stderr);
  assert.equal(summary.added, 1);
});

Deno.test("IMMICH_CA_CERT trusts one certificate of several in its file", async () => {
  const [authority, other] = await Promise.all([createAuthority(), createAuthority("Other CA")]);
  const { emulator, key } = await startSecured(await authority.issueServer());
  await using _ = emulator;
  const pem = `${other.cert}\n${authority.cert}`;
  const { code, stderr } = await syncWith(emulator, key, CA, { "ca.pem": pem });
  assert.equal(code, 0, stderr);
});

Deno.test("IMMICH_CA_CERT trusts a plain self-signed certificate of the server", async () => {
  for (const certificate of [await createSelfSigned(), await createCommonNameOnly()]) {
    const { emulator, key } = await startSecured(certificate);
    await using _ = emulator;
    const other = await createSelfSigned();
    const pem = `${other.cert}\n${certificate.cert}`;
    const { code, summary, stderr } = await syncWith(emulator, key, CA, { "ca.pem": pem });
    assert.equal(code, 0, stderr);
    assert.equal(summary.added, 1);
  }
});

Deno.test("a server is refused whose certificate is not trusted, with the variable to set", async () => {
  const authority = await createAuthority();
  for (const certificate of [await authority.issueServer(), await createSelfSigned()]) {
    const { emulator, key } = await startSecured(certificate);
    await using _ = emulator;
    const { code, summary } = await syncWith(emulator, key, {});
    assert.equal(code, 1);
    assert.equal(summary.error?.name, "CertificateError");
    assert.match(summary.error.message, /is not trusted/);
    assert.match(summary.error.hint, /IMMICH_CA_CERT/);
    assert.deepEqual(emulator.requests, [], "the key must not have been sent");
    assert.equal(summary.requests, 1, "certificate errors are not retried");
  }
});

Deno.test("IMMICH_CA_CERT refuses another CA and another self-signed certificate", async () => {
  const authority = await createAuthority();
  const other = (await createAuthority()).cert;
  const otherSelfSigned = (await createSelfSigned()).cert;
  for (
    const [certificate, trusted] of [
      [await authority.issueServer(), other],
      [await createSelfSigned(), otherSelfSigned],
      [await authority.issueServer(), otherSelfSigned],
      [await createSelfSigned(), other],
    ] as const
  ) {
    const { emulator, key } = await startSecured(certificate);
    await using _ = emulator;
    const { code, summary } = await syncWith(emulator, key, CA, { "ca.pem": trusted });
    assert.equal(code, 1);
    assert.match(summary.error?.message ?? "", /is not trusted|can't be verified/);
    assert.match(summary.error?.hint ?? "", /IMMICH_CA_CERT/);
    assert.deepEqual(emulator.requests, []);
  }
});

Deno.test("another host name is refused, for a private CA and for a self-signed certificate", async () => {
  const authority = await createAuthority();
  const names = { names: ["photos.example"], ips: [] };
  for (
    const [certificate, trusted] of [
      [await authority.issueServer(names), authority.cert],
      [await createSelfSigned(names), undefined],
    ] as const
  ) {
    const { emulator, key } = await startSecured(certificate);
    await using _ = emulator;
    const { code, summary } = await syncWith(emulator, key, CA, {
      "ca.pem": trusted ?? certificate.cert,
    });
    assert.equal(code, 1);
    assert.match(summary.error?.message ?? "", /is for another name than localhost/);
    assert.match(summary.error?.hint ?? "", /IMMICH_URL/);
    assert.deepEqual(emulator.requests, []);
  }
});

Deno.test("an expired certificate is refused, from a private CA and self-signed", async () => {
  const authority = await createAuthority();
  const past = { notBefore: new Date("2020-01-01"), notAfter: new Date("2021-01-01") };
  const expired = await createExpired();
  for (
    const [certificate, trusted] of [
      [await authority.issueServer(past), authority.cert],
      [expired, expired.cert],
    ] as const
  ) {
    const { emulator, key } = await startSecured(certificate);
    await using _ = emulator;
    const { code, summary } = await syncWith(emulator, key, CA, { "ca.pem": trusted });
    assert.equal(code, 1);
    assert.match(summary.error?.message ?? "", /has expired/);
    assert.match(summary.error?.hint ?? "", /Renew/);
    assert.deepEqual(emulator.requests, []);
  }
});

Deno.test("IMMICH_CLIENT_CERT and IMMICH_CLIENT_KEY pass mutual TLS, without them it is refused", async () => {
  const authority = await createAuthority();
  const client = await authority.issueClient();
  for (const server of [await authority.issueServer(), await createSelfSigned()]) {
    const { emulator, key } = await startSecured({ ...server, clientCa: authority.cert });
    await using _ = emulator;
    const files = {
      "ca.pem": `${authority.cert}\n${server.cert}`,
      "client.pem": client.cert,
      "client.key": client.key,
    };
    const both = { IMMICH_CLIENT_CERT: "client.pem", IMMICH_CLIENT_KEY: "client.key" };
    const passed = await syncWith(emulator, key, { ...CA, ...both }, files);
    assert.equal(passed.code, 0, passed.stderr);
    emulator.clearRequests();
    const refused = await syncWith(emulator, key, CA, files);
    assert.equal(refused.code, 1);
    assert.match(refused.summary.error?.hint ?? "", /IMMICH_CLIENT_CERT/);
    assert.deepEqual(emulator.requests, []);
  }
});

/** What is accepted only because of IMMICH_CA_CERT: server, file. */
async function ownOnes(options: IssueOptions = {}): Promise<[Certificate, string][]> {
  const authority = await createAuthority();
  const issued = await authority.issueServer(options);
  const markedAsCa = await authority.issueServer({ ...options, isCa: true });
  const selfSigned = await createSelfSigned({ keyType: "ec", ...options });
  return [
    [issued, issued.cert],
    [markedAsCa, markedAsCa.cert],
    [markedAsCa, authority.cert],
    [selfSigned, selfSigned.cert],
  ];
}

Deno.test("IMMICH_CA_CERT trusts the server's own certificate, whoever issued it, and one marked as a CA", async () => {
  for (const [certificate, trusted] of await ownOnes()) {
    for (const host of ["localhost", "127.0.0.1"]) {
      const { emulator, key } = await startSecured(certificate, host);
      await using _ = emulator;
      const { code, stderr } = await syncWith(emulator, key, CA, { "ca.pem": trusted });
      assert.equal(code, 0, stderr);
    }
  }
});

const PAST = { notBefore: new Date("2020-01-01"), notAfter: new Date("2021-01-01") };
const FUTURE = { notBefore: new Date("2090-01-01"), notAfter: new Date("2091-01-01") };

/** Servers whose certificate must not be accepted: what the file holds, what the error says. */
async function strangers(): Promise<[Certificate, string, RegExp][]> {
  const [authority, twin] = await Promise.all([createAuthority(), createAuthority()]);
  const own = await authority.issueServer();
  const untrusted = /is not trusted|can't be verified/;
  const refused = async (options: IssueOptions, said: RegExp) =>
    (await ownOnes(options)).map(([server, file]): [Certificate, string, RegExp] => [
      server,
      file,
      said,
    ]);
  return [
    [await authority.issueServer(), own.cert, untrusted],
    [await authority.issueServer({ isCa: true }), own.cert, untrusted],
    [await twin.issueServer({ isCa: true }), authority.cert, untrusted],
    [await twin.issueServer(), `${own.cert}\n${authority.cert}`, untrusted],
    [await createSelfSigned({ keyType: "ec" }), own.cert, untrusted],
    ...await refused({ names: ["photos.example"], ips: [] }, /is for another name than localhost/),
    ...await refused(PAST, /has expired/),
    ...(await refused(FUTURE, /is not valid yet/)).slice(0, 2),
  ];
}

Deno.test("no other certificate is accepted, none of another time or name, and no variable changes that", async () => {
  for (const [certificate, trusted, said] of await strangers()) {
    const { emulator, key } = await startSecured(certificate);
    await using _ = emulator;
    const files = { "ca.pem": trusted };
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: "0" };
    const { code, summary } = await syncWith(emulator, key, CA, files, env);
    assert.equal(code, 1);
    assert.match(summary.error?.message ?? "", said);
    assert.deepEqual(emulator.requests, [], "the key must not have been sent");
  }
});

Deno.test("no debugging variable of the runtime shows a secret", async () => {
  const authority = await createAuthority();
  const client = await authority.issueClient();
  const server = await createSelfSigned({ keyType: "ec" });
  const { emulator, key } = await startSecured({ ...server, clientCa: authority.cert });
  await using _ = emulator;
  const settings = {
    ...CA,
    IMMICH_CLIENT_CERT: "client.pem",
    IMMICH_CLIENT_KEY: "client.key",
    IMMICH_HEADERS: "X-Proxy: hidden-from-everybody",
  };
  const files = { "ca.pem": server.cert, "client.pem": client.cert, "client.key": client.key };
  for (
    const env of [
      { NODE_DEBUG: "*" },
      { NODE_DEBUG: "http,https,net,tls,stream,http2" },
      { NODE_DEBUG_NATIVE: "*", NODE_OPTIONS: "--trace-tls --inspect", NODE_V8_COVERAGE: "." },
      { DENO_LOG: "trace", RUST_LOG: "trace", RUST_BACKTRACE: "full", DENO_TRACE_PERMISSIONS: "1" },
    ]
  ) {
    const { code, stderr } = await syncWith(emulator, key, settings, files, env);
    assert.equal(code, 0, stderr);
  }
});
