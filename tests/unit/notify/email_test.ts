import assert from "node:assert/strict";
import { sendMail, verifyMailServer } from "../../../src/notify/email.ts";
import { createRedactor } from "../../../src/system/redact.ts";
import { runScript, temporaryFolder } from "../../support/script.ts";
import { createAuthority, createSelfSigned } from "../../support/certificates.ts";
import { startMailServer } from "../../support/mail_server.ts";
import { asIs, configOf, LOGIN, MAIL, reasonOf, textOf } from "./mails.ts";

Deno.test("a mail arrives as it was written", async () => {
  await using server = await startMailServer({ security: "none" });
  const result = await sendMail(configOf(server.port), MAIL, asIs);
  assert.deepEqual(result, { sent: true, problem: undefined });
  const [mail] = server.mails;
  assert.equal(mail?.from, "from@home.test");
  assert.deepEqual(mail?.to, ["to@home.test"]);
  assert.equal(mail?.subject, MAIL.subject);
  assert.equal(mail?.text, MAIL.text);
});

Deno.test("a mail says that a program sent it, and nothing of the computer's name", async () => {
  await using server = await startMailServer({ security: "none" });
  await sendMail(configOf(server.port), MAIL, asIs);
  const [mail] = server.mails;
  assert.equal(mail?.headers.get("auto-submitted"), "auto-generated");
  assert.equal(mail?.headers.get("from"), "Faceless <from@home.test>");
  assert.match(mail?.headers.get("message-id") ?? "", /^<[^@]+@home\.test>$/);
  assert.ok(Math.abs(Date.parse(mail?.headers.get("date") ?? "") - Date.now()) < 60_000);
  assert.equal(mail?.clientName, "[127.0.0.1]");
  assert.ok(!mail?.raw.includes(Deno.hostname()));
});

Deno.test("all recipients get the mail", async () => {
  await using server = await startMailServer({ security: "none" });
  const to = ["a@home.test", "Bée <b@home.test>"];
  await sendMail(configOf(server.port, { to }), MAIL, asIs);
  assert.deepEqual(server.mails[0]?.to, ["a@home.test", "b@home.test"]);
});

for (const security of ["tls", "starttls"] as const) {
  const certificate = createSelfSigned();

  Deno.test(`${security}: with the server's own certificate and a login`, async () => {
    const own = await certificate;
    await using server = await startMailServer({ security, ...own, login: LOGIN });
    const config = configOf(server.port, { security, caCertificates: own.cert, login: LOGIN });
    assert.deepEqual(await sendMail(config, MAIL, asIs), { sent: true, problem: undefined });
    assert.equal(server.mails[0]?.user, LOGIN.username);
    assert.equal(server.mails[0]?.secure, true);
  });

  Deno.test(`${security}: verifyMailServer() logs in, sends nothing, and says what is wrong`, async () => {
    const own = await certificate;
    await using server = await startMailServer({ security, ...own, login: LOGIN });
    const config = configOf(server.port, { security, caCertificates: own.cert, login: LOGIN });
    assert.equal(await verifyMailServer(config, asIs), undefined);
    const wrong = { ...config, login: { ...LOGIN, password: "another" } };
    assert.match(textOf(await verifyMailServer(wrong, asIs)), /refused the login of me@home\.test/);
    const untrusted = { ...config, caCertificates: undefined };
    assert.match(textOf(await verifyMailServer(untrusted, asIs)), /is not trusted/);
    assert.deepEqual(server.mails, []);
  });

  Deno.test(`${security}: with the certificate of a private authority, among others`, async () => {
    const authority = await createAuthority();
    await using server = await startMailServer({ security, ...await authority.issueServer() });
    const caCertificates = `${(await certificate).cert}\n${authority.cert}\n`;
    const config = configOf(server.port, { security, caCertificates });
    assert.deepEqual(await sendMail(config, MAIL, asIs), { sent: true, problem: undefined });
  });

  Deno.test(`${security}: a certificate that is not trusted is refused before the login`, async () => {
    const own = await certificate;
    const other = await createSelfSigned();
    await using server = await startMailServer({ security, ...own, login: LOGIN });
    for (const caCertificates of [undefined, other.cert]) {
      const config = configOf(server.port, { security, caCertificates, login: LOGIN });
      const reason = reasonOf(await sendMail(config, MAIL, asIs));
      assert.match(reason, /localhost:\d+ is not trusted,.*EMAIL_SMTP_CA_CERT/);
    }
    assert.deepEqual(server.mails, []);
  });

  Deno.test(`${security}: a certificate for another name is refused, though trusted`, async () => {
    const own = await createSelfSigned({ names: ["other.test"], ips: [] });
    await using server = await startMailServer({ security, ...own });
    const config = configOf(server.port, { security, caCertificates: own.cert });
    const reason = reasonOf(await sendMail(config, MAIL, asIs));
    assert.match(reason, /for another name .*other\.test.*EMAIL_SMTP_SERVER/);
  });

  Deno.test(`${security}: a certificate that is not valid today is refused, though trusted`, async () => {
    const day = 86_400_000;
    for (const start of [Date.now() - 10 * day, Date.now() + 10 * day]) {
      const authority = await createAuthority();
      const validity = { notBefore: new Date(start), notAfter: new Date(start + day) };
      const own = await authority.issueServer(validity);
      await using server = await startMailServer({ security, ...own });
      const config = configOf(server.port, { security, caCertificates: authority.cert });
      assert.match(reasonOf(await sendMail(config, MAIL, asIs)), /not valid at this date.*clock/);
    }
  });

  Deno.test(`${security}: nothing is sent in clear when the server offers no TLS`, async () => {
    await using server = await startMailServer({ security: "none", login: LOGIN });
    const config = configOf(server.port, { security, login: LOGIN });
    const reason = reasonOf(await sendMail(config, MAIL, asIs));
    assert.match(reason, /EMAIL_SMTP_SECURITY is .*EMAIL_SMTP_PORT/);
    assert.match(reason, security === "tls" ? /does not speak TLS/ : /does not offer STARTTLS/);
    assert.deepEqual(server.mails, []);
  });
}

Deno.test("the certificates are trusted beside the usual roots, without more permissions", async () => {
  const authority = await createAuthority();
  const other = await createSelfSigned();
  const own = await authority.issueServer();
  await using server = await startMailServer({ security: "tls", ...own, login: LOGIN });
  using folder = temporaryFolder();
  Deno.writeTextFileSync(`${folder.path}/root.pem`, authority.cert);
  const config = configOf(server.port, {
    security: "tls",
    caCertificates: other.cert,
    login: LOGIN,
  });
  const { stdout, stderr } = await runScript(
    folder.path,
    `import { sendMail, verifyMailServer } from "src/notify/email.ts";
     const result = await sendMail(${
      JSON.stringify(config)
    }, { subject: "s", text: "t" }, (t) => t);
     console.log(JSON.stringify(result));`,
    { permissions: ["--allow-net"], env: { DENO_CERT: `${folder.path}/root.pem` } },
  );
  assert.equal(stderr, "");
  assert.equal(stdout, '{"sent":true}\n');
});

Deno.test("a wrong password is told with what to check, and not with the password", async () => {
  await using server = await startMailServer({ security: "none", login: LOGIN });
  const login = { username: "me@home.test", password: "wrong-password" };
  const redact = createRedactor([login.password]);
  const reason = reasonOf(await sendMail(configOf(server.port, { login }), MAIL, redact));
  assert.match(
    reason,
    /refused the login of me@home\.test: 535 .*EMAIL_USERNAME and EMAIL_PASSWORD/,
  );
  assert.doesNotMatch(reason, /wrong-password/);
});

Deno.test("a server that wants a login says so", async () => {
  await using server = await startMailServer({ security: "none", login: LOGIN });
  const reason = reasonOf(await sendMail(configOf(server.port), MAIL, asIs));
  assert.match(reason, /wants a login: 530 .*Set EMAIL_USERNAME and EMAIL_PASSWORD/);
});

Deno.test("when some recipients are refused the others get the mail, and it is told which", async () => {
  await using server = await startMailServer({ security: "none", refuse: ["b@home.test"] });
  const to = ["a@home.test", "b@home.test"];
  const result = await sendMail(configOf(server.port, { to }), MAIL, asIs);
  assert.equal(result.sent, true);
  assert.ok(result.sent);
  assert.match(textOf(result.problem), /b@home\.test: 550 No such user.*EMAIL_TO/);
  assert.deepEqual(server.mails[0]?.to, ["a@home.test"]);
});

Deno.test("when all recipients are refused it is told which", async () => {
  const to = ["a@home.test", "b@home.test"];
  await using server = await startMailServer({ security: "none", refuse: to });
  const reason = reasonOf(await sendMail(configOf(server.port, { to }), MAIL, asIs));
  assert.match(reason, /a@home\.test: 550 No such user; b@home\.test: 550 .*EMAIL_TO/);
});

Deno.test("a sender that is refused is told", async () => {
  await using server = await startMailServer({ security: "none", refuse: ["from@home.test"] });
  const reason = reasonOf(await sendMail(configOf(server.port), MAIL, asIs));
  assert.match(reason, /refused the sender: 550 No such user.*EMAIL_FROM/);
});

Deno.test("line ends in the subject or an address add no header and no recipient", async () => {
  await using server = await startMailServer({ security: "none" });
  const subject = "a\r\nBcc: evil@home.test\r\n\r\nbody\u2028x";
  await sendMail(configOf(server.port), { subject, text: "t" }, asIs);
  const from = '"a\r\nBcc: evil@home.test" <from@home.test>';
  const to = ["to@home.test>\r\nRCPT TO:<evil@home.test"];
  await sendMail(configOf(server.port, { from, to }), { subject: "s", text: "t" }, asIs);
  assert.equal(server.mails[0]?.subject, "a Bcc: evil@home.test body x");
  assert.ok(server.mails.every((mail) => !mail.headers.has("bcc") && mail.to.length === 1));
});

Deno.test("secrets are taken out of subject and text", async () => {
  await using server = await startMailServer({ security: "none" });
  const redact = createRedactor(["s3cret-key"]);
  await sendMail(
    configOf(server.port),
    { subject: "x s3cret-key", text: "s3cret-key and s3cret-key" },
    redact,
  );
  assert.equal(server.mails[0]?.subject, "x [secret]");
  assert.equal(server.mails[0]?.text, "[secret] and [secret]\n");
});
