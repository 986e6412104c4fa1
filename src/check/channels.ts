import type { NotifyConfig } from "../config/config.ts";
import { type ChannelFailure, reach } from "../notify/channel.ts";
import { createHealthCheck } from "../notify/health_check.ts";
import { testWebhook } from "../notify/webhook.ts";
import { type CheckName, type Finding, ok, problem } from "./finding.ts";

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
      `${sendTest ? `took no test ${what}` : "cannot be reached"}: ${why}`,
      hint,
    );
  }
  return ok(
    name,
    sendTest
      ? `took a test ${what}; see whether it arrived`
      : `can be reached; nothing was sent (--send-test sends a test ${what})`,
  );
}
