import type { Language } from "../../schemas/index.ts";
import { visibleTo } from "../people/index.ts";
import type { ShownBreach } from "../work/index.ts";
import { renderAuthority } from "./authorities.ts";
import type { Call, Desk } from "./call.ts";

/** A side of a matter, and the agency that stands on it. */
interface Side {
  readonly side: "OTHER" | "OWN";
  readonly agency: string;
}

interface Asked {
  readonly agency: string;
  readonly crimes: readonly string[];
  readonly lang: Language;
}

/** Both sides of a matter, as seen from here; of one between others only who is late. */
function sidesOf(agency: string, { opener, other, of }: ShownBreach): readonly Side[] {
  const own = { side: "OWN", agency } as const;
  const partners = [opener, other].filter((one) => one !== agency);
  if (partners.length === 2) return [{ side: "OTHER", agency: of }];
  // what went to a feed and nobody took up has no other side
  return [...partners.filter((one) => one !== "").map((one) => ({ side: "OTHER", agency: one }) as const), own];
} // prettier-ignore

/** The contact point of an agency's side, as this caller may see it now. */
function tellPoint({ services }: Desk, { caller }: Call, { agency, crimes, lang }: Asked): object {
  const directory = services?.directory;
  if (directory === undefined) return {};
  const { entries, ...point } = directory.contactPoint(agency, crimes);
  const found = entries.find(({ held }) => visibleTo(caller, { handling: held.handling, state: "VERIFIED" }));
  if (found === undefined) return { agency, ...point, known: false };
  const onDuty = directory.isOnDuty(found.held.body.agency ?? "");
  return { agency, ...point, known: true, authority: { ...renderAuthority(found, lang), onDuty } };
} // prettier-ignore

/**
 * Makes what says whom to call when a deadline passed twice: the contact point that the other side's state published, and our
 * own state's, as the directory has them now. Nothing is sent to them. Where nothing is known of a side, that is said.
 */
export function makeContactTeller(desk: Desk, call: Call, lang: Language): (breach: ShownBreach) => object {
  // many deadlines of one list have the same sides, and each look goes through the whole directory
  const known = new Map<string, object>();
  const find = (agency: string, crimes: readonly string[]): object => {
    const key = [agency, ...crimes].join(" ");
    const point = known.get(key) ?? tellPoint(desk, call, { agency, crimes, lang });
    known.set(key, point);
    return point;
  };
  return (breach) => {
    const { exchange, services } = desk;
    if (services?.directory === undefined || !breach.isOpen || breach.escalatedAt === undefined) return {};
    const crimes = exchange.glance(breach.opening)?.crimes ?? [];
    const sides = sidesOf(exchange.agency, breach);
    return { contacts: sides.map(({ side, agency }) => ({ side, ...find(agency, crimes) })) };
  };
} // prettier-ignore
