import { checkHealthCheck } from "../check/channels.ts";
import { variables } from "../config/variables.ts";
import { configOf, type Interview, KEEP, replaceSecret, show, untilItWorks } from "./questions.ts";
import { complaint } from "./terminal.ts";

/** Asks where to tell of each run; pings nothing, since no run has been. */
export async function askHealthCheck(interview: Interview): Promise<void> {
  const { terminal, draft } = interview;
  const { healthcheck } = variables.notify;
  await untilItWorks(interview, async () => {
    const isThere = draft.get(healthcheck.name) !== undefined;
    const answer = await terminal.askSecret({
      message:
        "Health check that tells you when no run has come, a Healthchecks or Uptime Kuma address" +
        (isThere ? KEEP : " (empty: none)"),
      validate: (text) =>
        text === "" ? undefined : complaint(healthcheck.parse(text, draft.folder)),
    });
    replaceSecret(draft, healthcheck.name, answer.trim());
    if (answer === "") return true;
    const config = configOf(interview);
    if (config === undefined) return undefined;
    const finding = await checkHealthCheck(config.notify, false);
    show(interview, finding);
    return finding.status === "problem" ? undefined : true;
  });
}
