import type { z } from "zod";

import { isInForce, type RegisteredAgency, type RegisterView } from "../../certs/trust/index.ts";
import { parseCertificate } from "../../certs/shape/index.ts";
import { type Mandate, type ReleaseRule, renderInstant, renderJson } from "../../schemas/index.ts";
import { type EpochMs, Fault, tryShape } from "../../schemas/ground/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { agencyQueryShape, endsQueryShape } from "./insight-shapes.ts";
import { insightOf } from "./trends.ts";

const usualDays = 90;
const dayMs = 86_400_000;
const actions = ["PUBLISH", "READ"] as const;

/** The register in force now. @throws {Fault} NOT_FOUND where none is at hand */
function registerOf(desk: Desk): RegisterView {
  return insightOf(desk).register();
}

function readQuery<T>(shape: z.ZodType<T>, { url }: Call): T {
  const read = tryShape(shape, Object.fromEntries(url.searchParams));
  if (read.success) return read.data;
  throw new Fault("REQUEST_INVALID", "a parameter is not as it must be");
}

function findAgency(register: RegisterView, name: string): RegisteredAgency {
  const found = register.agency(name);
  if (found !== undefined) return found;
  throw new Fault("NOT_FOUND", "the register names no such agency");
}

/** Where an agency may have rights: every community, and by name. */
function scopesOf({ recs }: RegisterView): readonly string[] {
  return [...recs, "direct"];
}

function renderLine({ action, scope, types, crimes, handlingUpTo, from, until, ...line }: Mandate, now: EpochMs): Record<string, unknown> {
  const end = until === undefined ? {} : { until: renderInstant(until) };
  const inForce = isInForce({ from, until, ...line }, now);
  return { action, scope, types, crimes, handlingUpTo, from: renderInstant(from), ...end, inForce };
} // prettier-ignore

/** What the region grants an agency, or what its own state lets it do. */
function listLines(register: RegisterView, of: "mandates" | "nominations", agency: string): readonly Mandate[] {
  return scopesOf(register).flatMap((scope) => actions.flatMap((action) => register[of](agency, action, scope)));
} // prettier-ignore

function isMembers(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function renderRule(rule: ReleaseRule, now: EpochMs): Record<string, unknown> {
  const json = renderJson("ReleaseRule", rule);
  return { ...(isMembers(json) ? json : {}), effect: rule.effect, inForce: isInForce(rule, now) };
}

function renderStandings(register: RegisterView, { authority }: RegisteredAgency, now: EpochMs): readonly object[] {
  return register.recs.flatMap((rec) => {
    const standing = register.membership(rec, authority, now);
    return standing === "none" ? [] : [{ rec, standing }];
  });
} // prettier-ignore

/** What the register says of an agency: what it may do, by whose word, and whom its state admits. */
export function getRules(desk: Desk, call: Call): Response {
  const register = registerOf(desk);
  const agency = findAgency(register, readQuery(agencyQueryShape, call).agency);
  const now = desk.clock.now();
  const { agency: name, kind, authority, languages, suspendedFrom } = agency;
  const release = register.authority(authority)?.release ?? [];
  const own = release.filter(({ originators }) => originators.length === 0 || originators.includes(name));
  return renderAnswer({
    agency: name,
    kind,
    authority,
    languages,
    ...(suspendedFrom === undefined ? {} : { suspendedFrom: renderInstant(suspendedFrom) }),
    memberOf: renderStandings(register, agency, now),
    mandates: listLines(register, "mandates", name).map((one) => renderLine(one, now)),
    nominations: listLines(register, "nominations", name).map((one) => renderLine(one, now)),
    release: own.map((one) => renderRule(one, now)),
  });
} // prettier-ignore

interface End {
  readonly agency: string;
  readonly use: string;
  readonly notAfter: EpochMs;
}

function endsOf({ agency, certificates }: RegisteredAgency): readonly End[] {
  return certificates.map(({ kind: use, certificate }) => ({
    agency,
    use,
    notAfter: parseCertificate(certificate).notAfter,
  }));
}

/** Certificates of our own state's agencies that end within some days, the first to end first. */
export function getEnds(desk: Desk, call: Call): Response {
  const { days = String(usualDays) } = readQuery(endsQueryShape, call);
  const register = registerOf(desk);
  const own = findAgency(register, desk.exchange.agency).authority;
  const now = desk.clock.now();
  const all = register.agencies.filter(({ authority }) => authority === own).flatMap(endsOf);
  const soon = all
    .filter(({ notAfter }) => notAfter <= now + Number(days) * dayMs)
    .toSorted((a, b) => a.notAfter - b.notAfter);
  const items = soon.map(({ agency, use, notAfter }) => ({
    agency,
    use,
    notAfter: renderInstant(notAfter),
    daysLeft: Math.floor((notAfter - now) / dayMs),
    isReplaced: all.some((one) => one.agency === agency && one.use === use && one.notAfter > notAfter),
  }));
  return renderAnswer({ items });
} // prettier-ignore

function placesOf(register: RegisterView, { agency }: RegisteredAgency, { action, now }: { readonly action: "PUBLISH" | "READ"; readonly now: EpochMs }): readonly string[] {
  return scopesOf(register).filter((scope) => register.mandates(agency, action, scope).some((line) => isInForce(line, now)));
} // prettier-ignore

function countOurs({ services, exchange }: Desk, name: string): Record<string, number> {
  const awaited = services?.work?.awaited({ overdue: false }) ?? [];
  const { agency } = exchange;
  return {
    waiting: services?.insight?.waitingFor(name) ?? 0,
    awaitedOfIt: awaited.filter(({ of }) => of === name).length,
    awaitedOfUs: awaited.filter(({ of, opener, other }) => of === agency && (opener === name || other === name)).length,
  };
} // prettier-ignore

/** What would end were an agency out of the register: looked at before it is. Changes nothing. */
export function getImpact(desk: Desk, call: Call): Response {
  const register = registerOf(desk);
  const agency = findAgency(register, readQuery(agencyQueryShape, call).agency);
  const now = desk.clock.now();
  const { agency: name, kind, authority, certificates, keys } = agency;
  const others = register.agencies.filter(
    (one) => one.authority === authority && one.kind === kind && one.agency !== name,
  );
  return renderAnswer({
    agency: name,
    certificates: certificates.length,
    keys: keys.length,
    publishes: placesOf(register, agency, { action: "PUBLISH", now }),
    reads: placesOf(register, agency, { action: "READ", now }),
    ours: countOurs(desk, name),
    others: others.map((one) => one.agency),
  });
}
