/** Mail settings that do not work: the exit code is what it is without a mail. */

import assert from "node:assert/strict";
import { createAuthority } from "../../emulator/mod.ts";
import { MAIL_SETTINGS, type MailServerOptions } from "../../support/mail_server.ts";
import type { Input, Place } from "./attempt.ts";

const LOGIN = { EMAIL_USERNAME: "me", EMAIL_PASSWORD: "wr0ng-pa55word" };

function fails({ emulator }: Place): void {
  emulator.faults.add({ match: { path: /search/ }, fault: { kind: "status", status: 400 } });
}

export async function mailInputs(): Promise<readonly Input[]> {
  const authority = await createAuthority();
  const plain: MailServerOptions = { security: "none" };
  const tls: MailServerOptions = { security: "tls", ...await authority.issueServer() };
  const elsewhere = await authority.issueServer({ names: ["mail.example"], ips: [] });
  const login = { username: "me", password: "the-r1ght-one" };
  const cases: [what: string, server: MailServerOptions, env: Record<string, string>, RegExp][] = [
    [
      "a server that does not exist",
      plain,
      { EMAIL_SMTP_SERVER: "nobody.invalid" },
      /nobody\.invalid was not found\. Check EMAIL_SMTP_SERVER\./,
    ],
    [
      "a port on which nobody listens",
      plain,
      { EMAIL_SMTP_PORT: "4" },
      /localhost:4 refused the connection\. Check EMAIL_SMTP_SERVER and EMAIL_SMTP_PORT\./,
    ],
    [
      "a login that is refused",
      { ...plain, login },
      LOGIN,
      /refused the login of me: 535 .*Check EMAIL_USERNAME and EMAIL_PASSWORD/,
    ],
    [
      "no login where one is needed",
      { ...plain, login },
      {},
      /wants a login: .*Set EMAIL_USERNAME and EMAIL_PASSWORD\./,
    ],
    [
      "a certificate that is not trusted",
      tls,
      { EMAIL_SMTP_SECURITY: "tls" },
      /certificate of mail server localhost:\d+ is not trusted.*EMAIL_SMTP_CA_CERT/,
    ],
    [
      "a certificate for another name",
      { security: "tls", ...elsewhere },
      { EMAIL_SMTP_SECURITY: "tls", EMAIL_SMTP_CA_CERT: "ca.pem" },
      /is for another name .*Set EMAIL_SMTP_SERVER to a name/,
    ],
    [
      "TLS where the server has none",
      plain,
      { EMAIL_SMTP_SECURITY: "tls" },
      /does not speak TLS from the start.*EMAIL_SMTP_SECURITY is tls, EMAIL_SMTP_PORT/,
    ],
    [
      "STARTTLS where the server has none",
      plain,
      { EMAIL_SMTP_SECURITY: "starttls" },
      /does not offer STARTTLS .*EMAIL_SMTP_SECURITY is starttls/,
    ],
    [
      "a recipient that is refused",
      { ...plain, refuse: ["alice@example.com"] },
      {},
      /refused alice@example\.com: 550 No such user\. Check EMAIL_TO\./,
    ],
    [
      "a sender that is refused",
      { ...plain, refuse: ["sync@example.com"] },
      {},
      /refused the sender: 550 No such user\. Check EMAIL_FROM\./,
    ],
  ];
  return [
    ...cases.map(([what, mail, env, says]): Input => ({
      name: `mail with ${what} is told and changes no exit code`,
      mail,
      env: { ...MAIL_SETTINGS, ...env },
      files: { "ca.pem": authority.cert },
      prepare: fails,
      code: 1,
      says: [/WARN {3}The mail could not be sent: /, says],
    })),
    {
      name: "a mail that can't be sent leaves the refusal of a guard what it is",
      mail: plain,
      env: { ...MAIL_SETTINGS, EMAIL_SMTP_PORT: "4", MAX_ADD: "0" },
      code: 4,
      says: [/Refused by MAX_ADD/, /The mail could not be sent/],
    },
    {
      name: "mail settings that do not work do not matter to a run that is fine",
      mail: plain,
      env: { ...MAIL_SETTINGS, EMAIL_SMTP_PORT: "4" },
      code: 0,
      says: /Done in/,
      afterwards: (_place, { stderr }) => assert.doesNotMatch(stderr, /mail/),
    },
    ...missing(),
  ];
}

/** What is required, and is not there. */
function missing(): Input[] {
  return [
    {
      name: "ENABLE_EMAIL_ON_ERROR alone is told what it needs",
      env: { ENABLE_EMAIL_ON_ERROR: "true" },
      code: 2,
      problems: 3,
      says: ["SMTP_SERVER", "FROM", "TO"].map((name) =>
        new RegExp(`ERROR {2}EMAIL_${name} is required with ENABLE_EMAIL_ON_ERROR=true: set it$`)
      ),
    },
    {
      name: "EMAIL_USERNAME without a password is refused",
      env: { ...MAIL_SETTINGS, EMAIL_USERNAME: "me" },
      code: 2,
      says: /EMAIL_PASSWORD is required with EMAIL_USERNAME: set it \(or EMAIL_PASSWORD_FILE\)/,
    },
    {
      name: "EMAIL_PASSWORD without a user name is refused",
      env: { ...MAIL_SETTINGS, EMAIL_PASSWORD: "pa55-of-mail" },
      code: 2,
      says: /EMAIL_USERNAME is required with EMAIL_PASSWORD: set it/,
    },
    {
      name: "EMAIL_PASSWORD_FILE that is missing is refused",
      env: { ...MAIL_SETTINGS, EMAIL_USERNAME: "me", EMAIL_PASSWORD_FILE: "none.txt" },
      code: 2,
      says: /EMAIL_PASSWORD_FILE must be the path of a readable file.*there is no such file/,
    },
  ];
}
