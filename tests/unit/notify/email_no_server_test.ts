import assert from "node:assert/strict";
import { sendMail, verifyMailServer } from "../../../src/notify/email.ts";
import { startTcpServer, type TcpServer } from "../../support/tcp_server.ts";
import { asIs, configOf, MAIL, reasonOf, textOf } from "./mails.ts";

Deno.test("nobody listening, and a name that does not exist, are told", async () => {
  using gone = startTcpServer(() => {});
  gone[Symbol.dispose]();
  const refused = reasonOf(await sendMail(configOf(gone.port), MAIL, asIs));
  assert.match(refused, /refused the connection.*EMAIL_SMTP_SERVER and EMAIL_SMTP_PORT/);
  const config = configOf(465, { host: "mail.invalid" });
  const unknown = reasonOf(await sendMail(config, MAIL, asIs));
  assert.match(unknown, /mail\.invalid was not found.*EMAIL_SMTP_SERVER/);
});

Deno.test("a server that hangs up, or speaks something else, is told", async () => {
  using closing = startTcpServer((connection) => connection.close());
  using web = startTcpServer((connection) => connection.write(bytes("HTTP/1.1 400 Bad\r\n\r\n")));
  assert.match(
    reasonOf(await sendMail(configOf(closing.port), MAIL, asIs)),
    /closed the connection.*EMAIL_SMTP_PORT/,
  );
  assert.match(
    reasonOf(await sendMail(configOf(web.port), MAIL, asIs)),
    /does not answer like a mail server \("HTTP\/1\.1 400 Bad"\).*EMAIL_SMTP_PORT/,
  );
});

const SLOW_SERVERS = [
  ["says nothing", "none", undefined],
  ["says nothing", "tls", undefined],
  ["never ends its greeting", "none", 20],
  ["never ends its handshake", "tls", 20],
] as const;

/** Never gets to the end of its greeting, or of the handshake of TLS. */
function startSlowServer([, security, everyMs]: typeof SLOW_SERVERS[number]): TcpServer {
  return startTcpServer(async (connection) => {
    while (everyMs !== undefined) {
      await connection.write(security === "tls" ? HANDSHAKE_PART : bytes("220-wait\r\n"));
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  });
}

for (const slow of SLOW_SERVERS) {
  const [name, security] = slow;
  Deno.test(`a server that ${name} holds nobody up (${security})`, async () => {
    using server = startSlowServer(slow);
    const start = performance.now();
    const reason = reasonOf(await sendMail(configOf(server.port, { security }), MAIL, asIs, 400));
    assert.match(reason, /EMAIL_SMTP_SECURITY/);
    assert.ok(performance.now() - start < 1_500);
  });
}

Deno.test("a server that drips its replies is given up after the whole time", async () => {
  using server = startTcpServer(async (connection) => {
    await connection.write(bytes("220 x\r\n"));
    await connection.read(new Uint8Array(1_000)); // EHLO
    while (true) {
      await connection.write(bytes("250-wait\r\n"));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  const start = performance.now();
  const reason = reasonOf(await sendMail(configOf(server.port), MAIL, asIs, 600));
  assert.match(reason, /took longer than 0\.6 s in total/);
  assert.ok(performance.now() - start < 1_500);
});

/** The head of a TLS record of 16 KB that never comes to its end. */
const HANDSHAKE_PART = new Uint8Array([22, 3, 3, 64, 0]);

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

for (const slow of SLOW_SERVERS) {
  const [name, security] = slow;
  Deno.test({
    name: `verifyMailServer() waits no longer than it may for a server that ${name} (${security})`,
    // nodemailer holds the connection until the server lets go of it, or the process ends.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      using server = startSlowServer(slow);
      const started = performance.now();
      const said = await verifyMailServer(configOf(server.port, { security }), asIs, 400);
      assert.match(textOf(said), /EMAIL_SMTP_SECURITY/);
      assert.ok(performance.now() - started < 1_500);
    },
  });
}
