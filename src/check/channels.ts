import { type CheckName, type Finding, ok, problem } from "./finding.ts";
import type { EmailConfig, NotifyConfig } from "../config/config.ts";
import { type ChannelFailure, reach } from "../notify/channel.ts";
import { sendMail, verifyMailServer } from "../notify/email.ts";
import { createHealthCheck } from "../notify/health_check.ts";
import { testWebhook } from "../notify/webhook.ts";

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
    `${server} accepts mail ${login}; none was sent (--send-test sends one to ${
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
    text: "This is a test mail from immich-faceless-sync check --send-test.\n" +
      "Mails about runs that need your attention will arrive the same way.\n",
  }, redact);
  if (result.problem !== undefined) {
    return problem("mail", result.problem.message, result.problem.hint);
  }
  return ok(
    "mail",
    `${server} accepted a test mail to ${email.to.join(", ")}; check that it arrives`,
  );
}

/** Whether the health check and the webhook can be reached; only with `sendTest` are they told. */
export async function checkChannels(notify: NotifyConfig, sendTest: boolean): Promise<Finding[]> {
  return await Promise.all([
    checkHealthCheck(notify, sendTest),
    checkWebhook(notify, sendTest),
  ]);
}

export async function checkHealthCheck(
  { healthcheckUrl: url, caCertificates }: NotifyConfig,
  sendTest: boolean,
): Promise<Finding> {
  if (url === undefined) return ok("health check", "off (HEALTHCHECK_URL is not set)");
  const failure = sendTest
    ? await createHealthCheck(url, caCertificates).test()
    : await reach(url, { caCertificates, variable: "HEALTHCHECK_URL" });
  return findingOf("health check", failure, sendTest, "ping");
}

async function checkWebhook(
  { webhook, caCertificates }: NotifyConfig,
  sendTest: boolean,
): Promise<Finding> {
  if (webhook === undefined) return ok("webhook", "off (WEBHOOK_URL is not set)");
  const failure = sendTest
    ? await testWebhook(webhook, { caCertificates })
    : await reach(webhook.url, { caCertificates, variable: "WEBHOOK_URL" });
  return findingOf("webhook", failure, sendTest, "message");
}

function findingOf(
  name: CheckName,
  failure: ChannelFailure | undefined,
  sendTest: boolean,
  what: string,
): Finding {
  if (failure !== undefined) {
    const { why, hint } = failure;
    return problem(
      name,
      `${sendTest ? `did not accept the test ${what}` : "cannot be reached"}: ${why}`,
      hint,
    );
  }
  return ok(
    name,
    sendTest
      ? `accepted a test ${what}; check that it arrived`
      : `can be reached; nothing was sent (--send-test sends a test ${what})`,
  );
}
