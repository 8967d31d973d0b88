import { readFileSync } from "node:fs";

import { z } from "zod";

import { oids } from "../../certs/shape/index.ts";
import type { EncodedQuestion, PeerHost } from "../../certs/trust/index.ts";
import type { VectorCase } from "./vector-case.ts";

const pem = z.string().transform((text) => {
  const body = text.replaceAll(/-----[A-Z0-9 ]+-----/g, "").replaceAll(/\s/g, "");
  return Buffer.from(body, "base64");
});

const limboCase = z.object({
  id: z.string(),
  trusted_certs: z.array(pem),
  untrusted_intermediates: z.array(pem),
  peer_certificate: pem,
  validation_time: z.string().nullish(),
  extended_key_usage: z.array(z.string()).nullish(),
  expected_result: z.enum(["SUCCESS", "FAILURE"]),
  max_chain_depth: z.number().nullish(),
  expected_peer_name: z.object({ kind: z.string(), value: z.string() }).nullish(),
  crls: z.array(pem).nullish(),
});
const limbo = z.object({ testcases: z.array(limboCase) });

const purposes: Readonly<Record<string, string>> = {
  serverAuth: oids.serverAuth,
  clientAuth: oids.clientAuth,
};

/** Octets of an address; the URL parser spells every IPv6 address in one way. */
function octetsOf(address: string): Uint8Array {
  if (!address.includes(":")) return Buffer.from(address.split(".").map(Number));
  const { hostname } = new URL(`http://[${address}]`);
  const [head = "", tail] = hostname.slice(1, -1).split("::");
  const groups = (text: string): readonly string[] => (text === "" ? [] : text.split(":"));
  const [before, after] = [groups(head), groups(tail ?? "")];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const all = [...before, ...Array.from({ length: zeros }, () => "0"), ...after];
  return Buffer.from(all.map((group) => group.padStart(4, "0")).join(""), "hex");
}

function hostOf(peer: { kind: string; value: string } | null | undefined): PeerHost | undefined {
  if (peer?.kind === "DNS") return { dns: peer.value };
  return peer?.kind === "IP" ? { ip: octetsOf(peer.value) } : undefined;
}

/** Verdicts that rest on rules of the CA/Browser Forum alone. */
const outside: readonly (readonly [RegExp, string])[] = [
  [/^webpki::cn::/, "RFC 5280 knows no rule by which a common name repeats an alternative name"],
];

/** Where a case says no time, its publishers mean now; all of these are good at this moment. */
const judgedAt = Date.UTC(2026, 5, 1);

function makeQuestion(one: z.infer<typeof limboCase>): EncodedQuestion {
  const { validation_time: time, crls } = one;
  const purpose = purposes[one.extended_key_usage?.[0] ?? ""];
  return {
    leaf: one.peer_certificate,
    intermediates: one.untrusted_intermediates,
    anchors: one.trusted_certs,
    crls: crls?.length === 0 ? undefined : (crls ?? undefined),
    at: typeof time === "string" ? Date.parse(time) : judgedAt,
    usage: "any",
    purpose: one.id.startsWith("webpki::") ? oids.serverAuth : purpose,
    host: hostOf(one.expected_peer_name),
    maxIntermediates: one.max_chain_depth ?? undefined,
  };
}

/** Reads cases of x509-limbo from its one file. */
export function readLimbo(file: string): readonly VectorCase[] {
  const { testcases } = limbo.parse(JSON.parse(readFileSync(file, "utf8")));
  return testcases.map((one) => {
    const [group = "", part = "", ...more] = one.id.split("::");
    return {
      id: one.id,
      family: `limbo ${more.length > 0 ? `${group}::${part}` : group}`,
      question: makeQuestion(one),
      isGood: one.expected_result === "SUCCESS",
      outside: outside.find(([ids]) => ids.test(one.id))?.[1],
    };
  });
}
