import { renderInstant } from "../../schemas/index.ts";
import { type EpochMs, isFault, sameBytes } from "../../schemas/ground/index.ts";
import { findEnds } from "../../certs/renewal/index.ts";
import {
  type Certificate,
  type LeafKind,
  parseCertificate,
  parsePem,
} from "../../certs/shape/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import { type Finding, makeFinding } from "./finding.ts";
import type { GatewayFolder, OwnFile } from "./folder.ts";
import type { Probes } from "./probes.ts";

const maxPemBytes = 64 * 1024;
const dayMs = 86_400_000;
/** From then on a person should ask why no newer one came; of what lives short, a sixth of its life. */
const warningMs = 14 * dayMs;

interface Own {
  readonly kind: LeafKind;
  readonly certificate: Certificate;
}

function readOwn({ kind, certificate: file }: OwnFile, probes: Probes): Own | Finding {
  const bytes = probes.read(file, maxPemBytes);
  if (bytes === undefined) return makeFinding("FILE_MISSING", { file });
  try {
    const [der] = parsePem("CERTIFICATE", Buffer.from(bytes).toString("utf8"));
    if (der !== undefined) return { kind, certificate: parseCertificate(der) };
  } catch (error) {
    if (!isFault(error)) throw error;
  }
  return makeFinding("CONFIG_UNREADABLE", { file });
}

function isNamed(view: RegisterView, agency: string, { kind, certificate }: Own): boolean {
  const { certificates = [] } = view.agency(agency) ?? {};
  return certificates.some(
    (one) => one.kind === kind && sameBytes(one.thumbprint, certificate.thumbprint),
  );
}

function judgeEnd(kind: string, { from, until }: { from: EpochMs; until: EpochMs }, now: EpochMs): Finding {
  const left = until - now;
  const days = Math.max(0, Math.floor(left / dayMs));
  const facts = { kind, days, until: renderInstant(until) };
  if (left <= 0) return makeFinding("CERTIFICATE_ENDED", facts);
  const isNear = left <= Math.min(warningMs, (until - from) / 6);
  return makeFinding(isNear ? "CERTIFICATE_ENDS_SOON" : "CERTIFICATE_HOLDS", facts);
} // prettier-ignore

/** Of each kind the one that holds longest, of those that the register names. */
function judgeKind(own: readonly Own[], view: RegisterView | undefined, place: { agency: string; now: EpochMs }): Finding | undefined {
  const longest = own.toSorted((a, b) => b.certificate.notAfter - a.certificate.notAfter);
  const named = view === undefined ? longest[0] : longest.find((one) => isNamed(view, place.agency, one));
  const [best = named] = named === undefined ? longest : [named];
  if (best === undefined) return undefined;
  const { notBefore: from, notAfter: until } = best.certificate;
  const end = judgeEnd(best.kind, { from, until }, place.now);
  if (named === undefined && end.code !== "CERTIFICATE_ENDED") {
    return makeFinding("CERTIFICATE_NOT_NAMED", end.facts);
  }
  return end;
} // prettier-ignore

function judgeLists(view: RegisterView, agency: string, now: EpochMs): readonly Finding[] {
  const lists = findEnds({ agency, register: view, pairs: [], now }).filter(({ kind }) => kind === "LIST");
  return lists.flatMap(({ level, daysLeft: days, notAfter }) => {
    const facts = { kind: "LIST", days, until: renderInstant(notAfter) };
    if (level === "expired") return [makeFinding("CERTIFICATE_ENDED", facts)];
    return level === "urgent" ? [makeFinding("CERTIFICATE_ENDS_SOON", facts)] : [];
  });
} // prettier-ignore

/** Until when our own certificates and our state's lists hold, and whether the register names ours. */
export function checkCertificates(
  folder: GatewayFolder,
  view: RegisterView | undefined,
  probes: Probes,
): readonly Finding[] {
  const { agency, own } = folder;
  const now = probes.clock.now();
  const read = own.map((one) => readOwn(one, probes));
  const held = read.flatMap((one) => ("certificate" in one ? [one] : []));
  const groups = [...Map.groupBy(held, ({ kind }) => kind).values()];
  return [
    // a file that is not there is told with the files
    ...read.flatMap((one) => ("code" in one && one.code !== "FILE_MISSING" ? [one] : [])),
    ...groups.flatMap((group) => judgeKind(group, view, { agency, now }) ?? []),
    ...(view === undefined ? [] : judgeLists(view, agency, now)),
  ];
}
