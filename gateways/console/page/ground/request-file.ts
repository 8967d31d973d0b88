import type { paths } from "../../../client/api-types.ts";
import { now, renderTime } from "./clock.ts";

type Rules = paths["/v1/register/rules"]["get"]["responses"]["200"]["content"]["application/json"];
/** One line of what an agency may do, as the register has it. */
export type RightLine = Rules["mandates"][number];
/** What hangs on an agency at this gateway. */
export type Impact =
  paths["/v1/register/impact"]["get"]["responses"]["200"]["content"]["application/json"];

/** A request to an authority as a file: its text, the name to keep it under, and what is read aloud of it. */
export interface RequestFile {
  readonly text: string;
  readonly name: string;
  /** Ten groups of four from its SHA-256, as the authority's command shows it. */
  readonly fingerprint: string;
}

const digits = 40;

async function fingerprintOf(text: string): Promise<string> {
  const digest = new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)),
  );
  const hex = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.slice(0, digits).match(/.{4}/g)?.join(" ") ?? "";
}

async function makeFile(agency: string, content: object): Promise<RequestFile> {
  const told = { format: "atumpan-agency-request", version: 1, agency, at: renderTime(now()) };
  const text = `${JSON.stringify({ ...told, ...content }, undefined, 2)}\n`;
  const name = `request-${agency.replace("/", "-")}.json`;
  return { text, name, fingerprint: await fingerprintOf(text) };
}

/** What is asked for of an agency that comes. */
export interface Enrolment {
  readonly agency: string;
  readonly agencyKind: string;
  readonly languages: readonly string[];
  readonly reason: string;
  /** What it is to be let do: the lines of an agency that has them. */
  readonly like: readonly RightLine[];
}

/** The request that an agency be put into the register; its keys come by its own kit, later. */
export async function askEnrolment({ agency, like, ...rest }: Enrolment): Promise<RequestFile> {
  const nominations = like
    .filter(({ inForce }) => inForce)
    .map(({ from: _from, inForce: _inForce, ...line }) => line);
  return await makeFile(agency, { kind: "ENROL", ...rest, nominations });
}

/** What is asked for of an agency that is to lose its rights, and what hung on it when that was asked. */
export interface Revocation {
  readonly agency: string;
  readonly cause: string;
  readonly reason: string;
  readonly impact: Impact;
}

/** The request that an agency be suspended and its certificates revoked. */
export async function askRevocation({ agency, impact, ...rest }: Revocation): Promise<RequestFile> {
  const { certificates, ours } = impact;
  const seen = { certificates, ...ours };
  return await makeFile(agency, { kind: "REVOKE", ...rest, seen });
}
