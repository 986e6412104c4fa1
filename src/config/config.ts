import type { LogConfig } from "../system/log_format.ts";
import type { Values } from "./variable.ts";
import type { variables } from "./variables.ts";

/**
 * What the rest of the program knows of the configuration: parsed, checked and complete. What one
 * variable tells by itself comes from the list of variables.
 */
export interface Config extends Values<typeof variables.library>, Values<typeof variables.run> {
  readonly immich: ImmichConfig;
  readonly album: AlbumConfig;
  readonly rule: RuleConfig;
  readonly guards: GuardConfig;
  readonly log: LogConfig;
  /** Where a run leaves for the next one how it ended. */
  readonly statePath: string;
  readonly notify: NotifyConfig;
  /** Set only when mails on errors are switched on. */
  readonly email: EmailConfig | undefined;
}

type Server = Values<typeof variables.server>;

export interface ImmichConfig
  extends Omit<Server, "url" | "apiKey" | "clientCert" | "clientKey" | "headers"> {
  /** Origin and path prefix without `/api` and without a trailing slash, e.g. `https://host/photos`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** PEM texts for mutual TLS. */
  readonly clientCertificate: { readonly cert: string; readonly key: string } | undefined;
  readonly headers: NonNullable<Server["headers"]>;
}

export type AlbumConfig =
  | { readonly by: "name"; readonly name: string }
  | { readonly by: "id"; readonly id: string };

export type RuleConfig =
  | { readonly kind: Exclude<Values<typeof variables.rule>["rule"], "without"> }
  /** `people`: names or ids as the user wrote them. */
  | { readonly kind: "without"; readonly people: readonly string[] };

export type GuardConfig = Values<typeof variables.guards>;

type Email = Values<typeof variables.email>;

export interface EmailConfig
  extends Omit<Email, "enabled" | "host" | "security" | "username" | "password" | "from" | "to"> {
  readonly host: string;
  readonly security: NonNullable<Email["security"]>;
  readonly login: { readonly username: string; readonly password: string } | undefined;
  readonly from: string;
  readonly to: readonly string[];
}

type Notify = Values<typeof variables.notify>;

/** Who is told of a run besides by mail, and when. */
export interface NotifyConfig
  extends Omit<Notify, "webhookUrl" | "webhookFormat" | "webhookHeaders"> {
  readonly webhook: WebhookConfig | undefined;
}

export interface WebhookConfig {
  readonly url: string;
  readonly format: Notify["webhookFormat"];
  readonly headers: NonNullable<Notify["webhookHeaders"]>;
}
