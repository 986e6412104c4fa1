import type { EmailConfig } from "../../../src/config/config.ts";
import type { Explanation } from "../../../src/errors.ts";
import type { MailResult } from "../../../src/notify/email.ts";

export const MAIL = {
  subject: "Größe 📷",
  text: "Grüße\n.\n.dot\n" + "long ".repeat(300) + "end\n",
};
export const LOGIN = { username: "me@home.test", password: "pässwörd 1" };
export const asIs = (text: string): string => text;

export function configOf(port: number, changes: Partial<EmailConfig> = {}): EmailConfig {
  return {
    host: "localhost",
    port,
    security: "none",
    caCertificates: undefined,
    login: undefined,
    from: "Faceless <from@home.test>",
    to: ["to@home.test"],
    ...changes,
  };
}

export function textOf(problem: Explanation | undefined): string {
  return `${problem?.message} ${problem?.hint}`;
}

export function reasonOf(result: MailResult): string {
  if (result.sent) throw new Error("the mail was sent");
  return textOf(result.problem);
}
