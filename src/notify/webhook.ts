import type { WebhookConfig } from "../config/config.ts";
import type { Summary } from "../sync/summary.ts";
import { type ChannelFailure, type ChannelOptions, type ChannelRequest, send } from "./channel.ts";
import type { News } from "./decide.ts";

/** What a webhook is to tell, redacted already. */
export interface WebhookMessage {
  readonly title: string;
  /** Some lines, for a phone. */
  readonly text: string;
  readonly event: News["event"] | "test";
  /** Undefined for a test. */
  readonly run?: { readonly news: News; readonly summary: Summary } | undefined;
}

/** How loud a message is, in each server's own numbers and words. */
const LOUDNESS = {
  trouble: { ntfy: 4, tags: ["warning"], gotify: 8, apprise: "failure" },
  reminder: { ntfy: 3, tags: ["warning"], gotify: 5, apprise: "warning" },
  recovery: { ntfy: 3, tags: ["white_check_mark"], gotify: 5, apprise: "success" },
  test: { ntfy: 3, tags: ["test_tube"], gotify: 5, apprise: "info" },
} as const;

/** ntfy makes a file of what is longer than 4,096 bytes, and a character takes up to four. */
const MAX_TEXT = 1000;

/** @returns Undefined when it was taken. Never throws. */
export async function callWebhook(
  webhook: WebhookConfig,
  message: WebhookMessage,
  options: Omit<ChannelOptions, "variable">,
): Promise<ChannelFailure | undefined> {
  const request = { ...requestOf(webhook, message), headers: webhook.headers };
  return await send(request, { ...options, variable: "WEBHOOK_URL" });
}

/** Sends a message that says that messages arrive. */
export async function testWebhook(
  webhook: WebhookConfig,
  options: Omit<ChannelOptions, "variable">,
): Promise<ChannelFailure | undefined> {
  return await callWebhook(webhook, {
    title: "immich-faceless-sync: test message",
    text: "Messages about runs that need your attention will arrive the same way.",
    event: "test",
  }, options);
}

/** Sources: docs.ntfy.sh/publish, gotify.net/docs/pushmsg, github.com/caronc/apprise-api. */
function requestOf({ url, format }: WebhookConfig, message: WebhookMessage): ChannelRequest {
  const { title, event } = message;
  const text = [...message.text].slice(0, MAX_TEXT).join("");
  const address = new URL(url);
  const post = (body: unknown): ChannelRequest => ({ method: "POST", url: address.href, body });
  switch (format) {
    case "json":
      return post(documentOf(message));
    case "ntfy": {
      const { ntfy: priority, tags } = LOUDNESS[event];
      const topic = address.pathname.slice(1);
      address.pathname = "/";
      return post({ topic, title, message: text, priority, tags });
    }
    case "gotify":
      address.pathname = `${address.pathname.replace(/\/+(?:message\/*)?$/, "")}/message`;
      return post({ title, message: text, priority: LOUDNESS[event].gotify });
    case "apprise":
      return post({ title, body: text, type: LOUDNESS[event].apprise });
  }
}

function documentOf({ event, text, run }: WebhookMessage): unknown {
  if (run === undefined) return { event, message: text };
  const { news: { since, runs }, summary } = run;
  const { status, exitCode, server, album, added, removed, failed, error, guard } = summary;
  return {
    status,
    exitCode,
    event,
    since: new Date(since).toISOString(),
    runs,
    server,
    album,
    added,
    removed,
    failed,
    error,
    guard,
  };
}
