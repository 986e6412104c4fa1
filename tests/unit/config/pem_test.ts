import assert from "node:assert/strict";
import { shown } from "../../../src/text.ts";
import {
  certificate,
  configOf,
  folderWith,
  load,
  nowhere,
  problemsOf,
  problemWith,
  required,
  warningsOf,
} from "./helpers.ts";

const ours = await certificate("ours");
const other = await certificate("other");
const expired = await certificate("expired", new Date("2020-01-02T00:00:00Z"));
const future = await certificate("future", new Date("2099-01-02T00:00:00Z"));

Deno.test("IMMICH_CA_CERT takes the certificates of the file and nothing else", () => {
  using folder = folderWith({
    "ca.pem": `\uFEFFcomment\r\n${
      ours.cert.replaceAll("\n", "\r\n")
    }${ours.key}junk\n${other.cert}`,
  });
  const result = load({ ...required, IMMICH_CA_CERT: "ca.pem" }, { cwd: folder.path });
  assert.equal(configOf(result).immich.caCertificates, ours.cert + other.cert);
  assert.deepEqual(result.warnings, []);
});

Deno.test("a certificate that is out of its time is a warning", () => {
  using folder = folderWith({ "old.pem": expired.cert, "new.pem": future.cert });
  const old = load({ ...required, IMMICH_CA_CERT: folder.file("old.pem") });
  assert.equal(configOf(old).immich.caCertificates, expired.cert);
  assert.match(
    warningsOf(old).join(),
    /^IMMICH_CA_CERT: .*CN=expired" expired on Jan {1,2}3 .*2020/,
  );
  const soon = load({ ...required, IMMICH_CA_CERT: folder.file("new.pem") });
  assert.match(warningsOf(soon).join(), /CN=future" is not valid before/);
});

Deno.test("a file that is no PEM certificate is refused, with what to do", () => {
  using folder = folderWith({
    "der.crt": ours.der,
    "empty.pem": "",
    "garbage.pem": "garbage",
    "key.pem": ours.key,
    "damaged.pem": ours.cert + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    "not-base64.pem": "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n",
    "cut.pem": other.cert.slice(0, 200),
    "store.p12": new Uint8Array([0x30, 0x82, 0, 1, 0]),
    "large.pem": "x".repeat((1 << 20) + 1),
  });
  const expected: [file: string, message: RegExp][] = [
    ["der.crt", /in DER form, convert it: openssl x509 -inform der/],
    ["empty.pem", /it has no PEM text/],
    ["garbage.pem", /it has no PEM text/],
    ["key.pem", /it has only PRIVATE KEY/],
    ["damaged.pem", /certificate 2 in it is damaged/],
    ["not-base64.pem", /certificate 1 in it is damaged/],
    ["cut.pem", /it has no PEM text/],
    ["store.p12", /openssl pkcs12/],
    ["large.pem", /larger than 1024 KB/],
    ["missing.pem", /there is no such file/],
    [".", /it is a folder/],
  ];
  for (const [file, message] of expected) {
    const problem = problemWith("IMMICH_CA_CERT", folder.file(file));
    assert.match(
      problem,
      /^IMMICH_CA_CERT must be a PEM file with one or more certificates: found/,
    );
    assert.match(problem, message);
  }
});

Deno.test("a relative path that leads nowhere is told with the folder it was taken from", () => {
  const message = problemWith("IMMICH_CA_CERT", "ca.pem");
  assert.ok(message.endsWith(
    `found "ca.pem"; there is no such file; a relative path is taken from ${shown(nowhere)}`,
  ));
});

Deno.test("a client certificate comes with its key, and the key is a secret", () => {
  using folder = folderWith({ "both.pem": ours.key + ours.cert + other.cert });
  const file = folder.file("both.pem");
  const result = load({ ...required, IMMICH_CLIENT_CERT: file, IMMICH_CLIENT_KEY: file });
  assert.deepEqual(configOf(result).immich.clientCertificate, {
    cert: ours.cert + other.cert,
    key: ours.key,
  });
  assert.ok(result.secrets.includes(ours.key));
});

Deno.test("a client certificate without key, and a key without certificate, are refused", () => {
  using folder = folderWith({ "cert.pem": ours.cert, "key.pem": ours.key });
  assert.equal(
    problemWith("IMMICH_CLIENT_CERT", folder.file("cert.pem")),
    "IMMICH_CLIENT_KEY is required with IMMICH_CLIENT_CERT: set it",
  );
  assert.equal(
    problemWith("IMMICH_CLIENT_KEY", folder.file("key.pem")),
    "IMMICH_CLIENT_CERT is required with IMMICH_CLIENT_KEY: set it",
  );
});

const wrongKeys: [what: string, text: string, message: RegExp][] = [
  ["of another certificate", other.key, /must be the private key of the certificate in/],
  [
    "that is encrypted",
    ours.key.replaceAll("PRIVATE", "ENCRYPTED PRIVATE"),
    /without a passphrase.*openssl pkey/,
  ],
  [
    "that is encrypted in the old way",
    ours.key.replaceAll("PRIVATE", "RSA PRIVATE").replace(
      "KEY-----\n",
      "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n",
    ),
    /without a passphrase/,
  ],
  ["for SSH", ours.key.replaceAll("PRIVATE", "OPENSSH PRIVATE"), /a key for SSH/],
  ["that is damaged", ours.key.replace(/\nMI/, "\nAA"), /damaged or of an unknown kind/],
  ["that is none", ours.cert, /it has no private key/],
];

for (const [what, text, message] of wrongKeys) {
  Deno.test(`a client key ${what} is refused without showing it`, () => {
    using folder = folderWith({ "cert.pem": ours.cert, "key.pem": text });
    const more = { IMMICH_CLIENT_CERT: folder.file("cert.pem") };
    const problem = problemWith("IMMICH_CLIENT_KEY", folder.file("key.pem"), more);
    assert.match(problem, message);
    assert.ok(!problem.includes(text.split("\n")[1] ?? ""));
  });
}

Deno.test("the text of a key in place of its path is refused without showing it", () => {
  using folder = folderWith({ "cert.pem": ours.cert });
  const result = load({
    ...required,
    IMMICH_CLIENT_CERT: folder.file("cert.pem"),
    IMMICH_CLIENT_KEY: ours.key,
    LOG_FILE_PATH: ours.key,
  });
  const problems = problemsOf(result).join("\n");
  assert.match(problems, /IMMICH_CLIENT_KEY must be the path .* put that into a file/);
  assert.ok(!problems.includes(ours.key.slice(30, 60)));
  assert.ok(result.secrets.includes(ours.key));
});
