import { safe } from "../check/print.ts";
import type { ImmichConfig } from "../config/config.ts";
import { variables } from "../config/variables.ts";
import type { ImmichError } from "../immich/immich_error.ts";
import type { PeerCertificate } from "../immich/peer_certificate.ts";
import type { Interview } from "./interview.ts";
import { complaint } from "./terminal.ts";
import { day } from "../text.ts";

/**
 * What can be done about a certificate that was refused: trust the server's own, after a look at
 * its fingerprint, or name a file with the one of its issuer.
 */
export async function offerCertificate(
  { terminal, draft }: Interview,
  config: ImmichConfig,
  { message }: ImmichError,
  shown: PeerCertificate | undefined,
): Promise<"accepted" | "declined" | "nothing to offer"> {
  // Trust would not help: an expired certificate, or one for another name, is refused all the same.
  if (shown === undefined || !isUsable(shown)) return "nothing to offer";
  if (shown.selfSigned) {
    // The same once more was trusted already, to no avail.
    if (config.caCertificates?.includes(shown.pem.trim())) return "nothing to offer";
    terminal.tell("problem", `${plain(message)}\n${describe(shown)}`);
    const yes = await terminal.confirm(
      "Is this your own server's certificate, and do you want to trust it from now on?",
      false,
    );
    if (yes) draft.trust(shown.pem);
    return yes ? "accepted" : "declined";
  }
  terminal.tell("problem", plain(message));
  const { caCertificates: caCert } = variables.server;
  const path = await terminal.ask({
    message: `PEM file with the certificate of the issuer, ${
      plain(shown.issuer)
    } (leave empty if you have none)`,
    validate: (text) => text === "" ? undefined : complaint(caCert.parse(text, draft.folder)),
  });
  draft.set(caCert.name, path.trim() === "" ? draft.get(caCert.name) ?? "" : path.trim());
  return path.trim() === "" ? "declined" : "accepted";
}

function isUsable({ fitsHost, validFrom, validTo }: PeerCertificate): boolean {
  const now = Date.now();
  return fitsHost && validFrom.getTime() <= now && now <= validTo.getTime();
}

function describe({ subject, names, validFrom, validTo, fingerprint }: PeerCertificate): string {
  return [
    "The server's certificate, which is self-signed:",
    `  ${plain(subject)}, for ${plain(names.join(", "))}`,
    `  valid from ${day(validFrom)} to ${day(validTo)}`,
    `  SHA-256 ${fingerprint}`,
    "Compare the fingerprint with the one on the server itself, e.g. with",
    "  openssl x509 -noout -fingerprint -sha256 -in CERTIFICATE",
  ].join("\n");
}

/** What strangers write into a certificate must not paint over the fingerprint. */
function plain(text: string): string {
  return safe(text, { redact: (text) => text });
}
