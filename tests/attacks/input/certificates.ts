/** Certificates and keys that are missing, wrong, swapped, or of another. */

import { Buffer } from "node:buffer";
import { type Certificate, createAuthority, createExpired } from "../../emulator/mod.ts";
import type { Input } from "./attempt.ts";

const CA = { IMMICH_CA_CERT: "ca.pem" };
const CLIENT = { IMMICH_CLIENT_CERT: "client.pem", IMMICH_CLIENT_KEY: "client.key" };

export async function certificateInputs(): Promise<readonly Input[]> {
  const [authority, other] = await Promise.all([createAuthority(), createAuthority("Other CA")]);
  const server = await authority.issueServer();
  const client = await authority.issueClient();
  const stranger = await other.issueClient();
  return [
    ...await caInputs(server, authority.cert, client.key),
    ...clientInputs({ server, ca: authority.cert, client, stranger }),
    ...await serverInputs(),
  ];
}

/** What IMMICH_CA_CERT may name by mistake. */
async function caInputs(server: Certificate, ca: string, key: string): Promise<Input[]> {
  const wrong: [what: string, content: string | Uint8Array | undefined, says: RegExp][] = [
    ["is missing", undefined, /there is no such file; a relative path is taken from "/],
    ["is empty", "", /it has no PEM text/],
    ["is garbage", "garbage", /it has no PEM text/],
    ["is a web page", "<!doctype html><title>404</title>", /it has no PEM text/],
    ["is cut off", ca.slice(0, 200), /it has no PEM text/],
    ["has garbage inside", ca.replace(/\n[^]*\n/, "\nAAAA\n"), /certificate 1 in it is damaged/],
    ["is DER", derOf(ca), /it is in DER form, convert it: openssl x509 -inform der/],
    ["is PKCS#12", Uint8Array.of(0x30, 0x82, 1, 1, 2, 1, 3), /openssl pkcs12/],
    ["is a private key", key, /it has only PRIVATE KEY/],
    ["is too large", "x".repeat((1 << 20) + 1), /it is larger than 1024 KB/],
  ];
  const must =
    /ERROR {2}IMMICH_CA_CERT must be a PEM file with one or more certificates: found "ca\.pem"; /;
  return [
    ...wrong.map(([what, content, says]): Input => ({
      name: `a CA file that ${what} is refused`,
      tls: server,
      env: CA,
      files: content === undefined ? {} : { "ca.pem": content },
      code: 2,
      says: [must, says],
    })),
    {
      name: "a CA file that is a folder is refused",
      tls: server,
      env: CA,
      prepare: ({ home }) => Deno.mkdirSync(`${home.folder}/ca.pem`),
      code: 2,
      says: [must, /it is a folder/],
    },
    {
      name: "a CA file of another authority is told with the variable",
      tls: server,
      env: CA,
      files: { "ca.pem": (await createAuthority()).cert },
      code: 1,
      says: /certificate of localhost:\d+ (is not trusted|can't be verified).*IMMICH_CA_CERT/,
    },
    {
      name: "a CA file that has expired is a warning with its date",
      tls: server,
      env: CA,
      files: { "ca.pem": (await createExpired()).cert + ca },
      code: 0,
      says: /WARN {3}IMMICH_CA_CERT: the certificate "CN=localhost" expired on /,
    },
  ];
}

function clientInputs(
  { server, ca, client, stranger }: {
    server: Certificate;
    ca: string;
    client: Certificate;
    stranger: Certificate;
  },
): Input[] {
  const files = { "ca.pem": ca, "client.pem": client.cert, "client.key": client.key };
  const tls = { ...server, clientCa: ca };
  const refused = (what: string, changed: Record<string, string>, says: RegExp): Input => ({
    name: `a client key that ${what} is refused`,
    tls,
    env: { ...CA, ...CLIENT },
    files: { ...files, ...changed },
    code: 2,
    says: [/ERROR {2}IMMICH_CLIENT_KEY must /, says],
  });
  type Name = keyof typeof CLIENT;
  const alone = (what: string, name: Name, missing: string, missingName: Name): Input => ({
    name: `a client ${what} without a ${missing} is refused`,
    tls,
    env: { ...CA, [name]: CLIENT[name] },
    files,
    code: 2,
    says: new RegExp(`ERROR {2}${missingName} is required with ${name}`),
  });
  const pem = (label: string) =>
    `-----BEGIN ${label}-----\nMIIFHDBOBgkqhkiG9w0BBQ0wQTAp\n-----END ${label}-----\n`;
  return [
    {
      name: "a client key and its certificate work",
      tls,
      env: { ...CA, ...CLIENT },
      files,
      code: 0,
      says: /INFO/,
    },
    alone("key", "IMMICH_CLIENT_KEY", "certificate", "IMMICH_CLIENT_CERT"),
    alone("certificate", "IMMICH_CLIENT_CERT", "key", "IMMICH_CLIENT_KEY"),
    refused(
      "does not fit its certificate",
      { "client.key": stranger.key },
      /be the private key of the certificate in IMMICH_CLIENT_CERT.*found the key of another/,
    ),
    {
      ...refused(
        "is swapped with its certificate",
        { "client.pem": client.key, "client.key": client.cert },
        /found "client\.key"; it has no private key/,
      ),
      problems: 2,
    },
    refused("is empty", { "client.key": "" }, /it has no private key/),
    refused("is garbage", { "client.key": "garbage" }, /it has no private key/),
    refused("is damaged", { "client.key": pem("PRIVATE KEY") }, /damaged or of an unknown kind/),
    refused(
      "has a passphrase",
      { "client.key": pem("ENCRYPTED PRIVATE KEY") },
      /openssl pkey -in OLD/,
    ),
    refused("is for SSH", { "client.key": pem("OPENSSH PRIVATE KEY") }, /it is a key for SSH/),
    {
      name: "a client certificate of another authority is told with both variables",
      tls,
      env: { ...CA, ...CLIENT },
      files: { ...files, "client.pem": stranger.cert, "client.key": stranger.key },
      code: 1,
      says: /IMMICH_CLIENT_CERT and IMMICH_CLIENT_KEY/,
    },
  ];
}

/** What is wrong with the server's own. */
async function serverInputs(): Promise<Input[]> {
  const authority = await createAuthority();
  const past = { notBefore: new Date("2020-01-01"), notAfter: new Date("2021-01-01") };
  const future = { notBefore: new Date("2090-01-01"), notAfter: new Date("2091-01-01") };
  const cases: [what: string, tls: Certificate, env: Record<string, string>, says: RegExp][] = [
    ["expired", await authority.issueServer(past), CA, /has expired\. Renew the certificate/],
    ["not valid yet", await authority.issueServer(future), CA, /is not valid yet.*clocks/],
    [
      "for another host",
      await authority.issueServer({ names: ["photos.example"], ips: [] }),
      CA,
      /is for another name than localhost:\d+\..*IMMICH_URL/,
    ],
    ["unknown", await authority.issueServer(), {}, /is not trusted\..*set IMMICH_CA_CERT/],
  ];
  return cases.map(([what, tls, env, says]): Input => ({
    name: `a server certificate that is ${what} is refused`,
    tls,
    env,
    files: { "ca.pem": authority.cert },
    code: 1,
    says,
  }));
}

function derOf(pem: string): Uint8Array {
  return Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ""), "base64");
}
