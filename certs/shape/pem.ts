import { type Bytes, Fault } from "../../schemas/ground/index.ts";

/** What a PEM block may hold, RFC 7468. */
export type PemLabel = "CERTIFICATE" | "X509 CRL" | "CERTIFICATE REQUEST";

/** One PEM block for each of `documents`, in order. */
export function renderPem(label: PemLabel, ...documents: readonly Bytes[]): string {
  return documents
    .map((der) => {
      const lines =
        Buffer.from(der)
          .toString("base64")
          .match(/.{1,64}/g) ?? [];
      return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
    })
    .join("");
}

/**
 * Reads every PEM block of `label`, in order; text around the blocks is passed over, other blocks are not.
 *
 * @throws {Fault} CERT_MALFORMED when there is none, or a block of another kind
 */
export function parsePem(label: PemLabel, text: string): readonly Bytes[] {
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g)];
  const wanted = blocks.every(
    ([, found, body = ""]) => found === label && /^[A-Za-z0-9+/=\s]*$/.test(body),
  );
  if (blocks.length === 0 || !wanted) {
    throw new Fault("CERT_MALFORMED", `expected PEM blocks of ${label} and no other`);
  }
  return blocks.map(([, , body = ""]) => Buffer.from(body.replaceAll(/\s/g, ""), "base64"));
}
