import type { LogConfig } from "../system/log_format.ts";

/** What the rest of the program knows of the configuration: parsed, checked and complete. */
export interface Config {
  readonly immich: ImmichConfig;
  readonly album: AlbumConfig;
  readonly rule: RuleConfig;
  /** Immich's own asset types; only these ever belong to the album. */
  readonly assetTypes: ReadonlySet<"IMAGE" | "VIDEO">;
  readonly includeArchived: boolean;
  readonly includePartners: boolean;
  /** Milliseconds since upload before an asset may be added; 0 is off. */
  readonly minAssetAgeMs: number;
  /** Milliseconds; 0 is never. */
  readonly scanEveryMs: number;
  readonly mode: "mirror" | "add-only" | "remove-only";
  readonly guards: GuardConfig;
  readonly log: LogConfig;
  /** Where a run leaves for the next one how it ended. */
  readonly statePath: string;
  readonly notify: NotifyConfig;
  /** Set only when mails on errors are switched on. */
  readonly email: EmailConfig | undefined;
}

export interface ImmichConfig {
  /** Origin and path prefix without `/api` and without a trailing slash, e.g. `https://host/photos`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** PEM text of certificates trusted beside the usual roots. */
  readonly caCertificates: string | undefined;
  /** PEM texts for mutual TLS. */
  readonly clientCertificate: { readonly cert: string; readonly key: string } | undefined;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  /** Milliseconds for one attempt of one request, body included. */
  readonly timeoutMs: number;
  readonly retries: number;
  readonly concurrency: number;
}

export type AlbumConfig =
  | { readonly by: "name"; readonly name: string }
  | { readonly by: "id"; readonly id: string };

export type RuleConfig =
  | { readonly kind: "no-people" | "no-faces" | "no-named-people" }
  /** `people`: names or ids as the user wrote them. */
  | { readonly kind: "without"; readonly people: readonly string[] };

export interface GuardConfig {
  readonly maxRemovePercent: number;
  readonly maxAddPercent: number;
  readonly maxAdd: number | undefined;
  readonly maxRemove: number | undefined;
  readonly allowNoPeople: boolean;
}

export interface EmailConfig {
  readonly host: string;
  readonly port: number;
  readonly security: "tls" | "starttls" | "none";
  readonly caCertificates: string | undefined;
  readonly login: { readonly username: string; readonly password: string } | undefined;
  readonly from: string;
  readonly to: readonly string[];
}

/** Who is told of a run besides by mail, and when. */
export interface NotifyConfig {
  /** Only after so many runs in a row that needed a person. */
  readonly after: number;
  /** Milliseconds between two messages about the same trouble; 0 tells of each run. */
  readonly remindMs: number;
  readonly recovery: boolean;
  readonly healthcheckUrl: string | undefined;
  readonly webhook: WebhookConfig | undefined;
  /** PEM text of certificates trusted beside the usual roots, for both. */
  readonly caCertificates: string | undefined;
}

export interface WebhookConfig {
  readonly url: string;
  readonly format: "json" | "ntfy" | "gotify" | "apprise";
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
}
