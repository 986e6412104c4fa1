import type { EmailConfig } from "../config/config.ts";
import { sendMail, verifyMailServer } from "../notify/email.ts";
import { type Finding, ok, problem } from "./finding.ts";

/** Whether a mail could be sent; only with `sendTest` one is. */
export async function checkMail(
  email: EmailConfig | undefined,
  sendTest: boolean,
  redact: (text: string) => string,
): Promise<Finding> {
  if (email === undefined) return ok("mail", "off (ENABLE_EMAIL_ON_ERROR=false)");
  const server = `${email.host}:${email.port} (${email.security})`;
  if (sendTest) return await sendTestMail(email, server, redact);
  const failure = await verifyMailServer(email, redact);
  if (failure !== undefined) return problem("mail", failure.message, failure.hint);
  const login = email.login === undefined ? "without login" : `as ${email.login.username}`;
  return ok(
    "mail",
    `${server} takes mail ${login}; none was sent (--send-test sends one to ${
      email.to.join(", ")
    })`,
  );
}

async function sendTestMail(
  email: EmailConfig,
  server: string,
  redact: (text: string) => string,
): Promise<Finding> {
  const result = await sendMail(email, {
    subject: "immich-faceless-sync: test mail",
    text: "This is the test mail of immich-faceless-sync check --send-test.\n" +
      "Mails about runs that need you will come the same way.\n",
  }, redact);
  if (result.problem !== undefined) {
    return problem("mail", result.problem.message, result.problem.hint);
  }
  return ok("mail", `${server} took a test mail to ${email.to.join(", ")}; see whether it arrives`);
}
