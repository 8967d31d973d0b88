import { renderInstant } from "../../schemas/index.ts";
import { Fault, parseUuid, renderUuid } from "../../schemas/ground/index.ts";
import type { LoggedUse } from "../store/index.ts";
import { type FiledAsked, fileMessages, type NotFiled } from "./filed.ts";
import { findHeld, findOrigins, loadSource } from "./source.ts";
import { type AllowedUse, judgeUse, type Wish, wishFor } from "./judge.ts";
import { noteUses } from "./note-uses.ts";
import type { OnwardPlace } from "./place.ts"; // prettier-ignore

/** Who is given something by hand: an agency of the network, or a body outside by its state and name. */
export type Receiver =
  { readonly agency: string } | { readonly country: string; readonly bodyName: string };

/** A copy of a message that somebody is about to be given. */
export interface CopyAsked {
  readonly id: string;
  /** A code of COPY. */
  readonly copy: string;
  readonly receiver?: Receiver | undefined;
  readonly purpose: string;
  /** The offence it is for; the message's main one when left out. */
  readonly crime?: string | undefined;
  readonly by: string;
}

/** One use of a message, as it is shown. */
export interface ShownUse {
  readonly kind: string;
  readonly owner: string;
  readonly to: { readonly agency?: string; readonly country?: string; readonly body?: string };
  readonly uses: readonly string[];
  readonly purposes: readonly string[];
  readonly crimes: readonly string[];
  readonly ground: string;
  readonly consent?: string;
  readonly carrier: string;
  readonly at: string;
  readonly by: string;
}

/** The uses of others' messages, as the API tells and asks of them. */
export interface OnwardDesk {
  /** All uses of one message, the first first. @throws {Fault} ID_INVALID */
  uses(id: string): readonly ShownUse[];
  /** What its owner is told of the uses of his message: a data.onward_log to be looked at and sent. @throws {Fault} NOT_FOUND, ID_INVALID */
  declare(id: string): object;
  /**
   * Judges a copy that leaves by hand, and writes it down. Inside is what stays with this agency: a whole or regional copy for
   * which no receiver is named. A copy for a court or a defence is for outside whoever is named.
   *
   * @throws {Fault} ONWARD_CONSENT_MISSING
   */
  copied(asked: CopyAsked): Promise<void>;
  /** As `fileMessages`, in a write of its own. @throws {Fault} STORE_WRITE_FAILED */
  filed(asked: FiledAsked): Promise<ReadonlyMap<string, NotFiled>>;
}

function showUse({ kind, owner, agency, country, bodyName, ...use }: LoggedUse): ShownUse {
  const { uses, purposes, crimes, ground, consent, carrier, at, by } = use;
  return {
    kind,
    owner,
    to: {
      ...(agency === undefined ? {} : { agency }),
      ...(country === undefined ? {} : { country }),
      ...(bodyName === undefined ? {} : { body: bodyName }),
    },
    uses,
    purposes,
    crimes,
    ground,
    ...(consent === undefined ? {} : { consent: renderUuid(consent) }),
    carrier,
    at: renderInstant(at),
    by,
  };
}

/** As many entries as one data.onward_log holds. */
const maxEntries = 100;

function entriesOf(use: LoggedUse): readonly object[] {
  const { source, agency, bodyName, country = "", purposes, consent, at } = use;
  const text = bodyName ?? country;
  const whom = agency === undefined ? { givenOutside: { text, lang: "und" } } : { givenTo: agency };
  const right = consent === undefined ? { notAsked: true } : { consentId: renderUuid(consent) };
  const said = { targetId: renderUuid(source), ...whom, givenAt: renderInstant(at), ...right };
  return purposes.map((purpose) => ({ ...said, purpose }));
}

function declare({ store, agency }: OnwardPlace, id: string): object {
  const held = store.messages.find(parseUuid(id));
  const uses = store.onward.of(parseUuid(id)).filter(({ ground, agency: to, country, bodyName }) => ground !== "HELD_ALREADY" && (to ?? country ?? bodyName) !== undefined);
  if (held === undefined || held.originator === agency || uses.length === 0) {
    throw new Fault("NOT_FOUND", "of this message nothing is to be told to its owner");
  }
  const entries = uses.flatMap(entriesOf).slice(-maxEntries);
  const { crimes, handling, originator } = held;
  return { type: "data.onward_log", crimes, handling, recipients: [originator], inner: {}, body: { entries } };
} // prettier-ignore

function wishOf(place: OnwardPlace, asked: CopyAsked, mainCrime: string): Wish {
  const { copy, purpose, crime = mainCrime, receiver } = asked;
  const isCourt = copy === "COURT" || copy === "DEFENCE";
  const wish = {
    kind: isCourt ? "COURT" : "EXPORT",
    purposes: [purpose],
    crimes: [crime],
    uses: isCourt ? ["COURT_USE"] : undefined,
    given: copy === "NOMINAL" ? "WHOLE" : copy,
  } as const;
  if (receiver !== undefined && "agency" in receiver) return wishFor(place, receiver.agency, wish);
  return { ...wish, recipient: receiver ?? {} };
}

function refuseCopy(id: string, { uses = [], purposes, crimes }: Wish): never {
  const what = `a copy of ${id} for ${purposes.join(" ")} about ${crimes.join(" ")} ${uses.join(" ")}`.trim();
  const way = "name the agency or body it is for, and ask its owner with dissemination.consent_request";
  throw new Fault("ONWARD_CONSENT_MISSING", `${what} is not to be given without consent; ${way}`);
} // prettier-ignore

function judgeCopy(place: OnwardPlace, asked: CopyAsked): readonly AllowedUse[] {
  const held = findHeld(place.store, parseUuid(asked.id));
  return findOrigins(place, held === undefined ? [] : [held.id]).flatMap((id) => {
    const source = loadSource(place, id);
    const wish = wishOf(place, asked, held?.crimes[0] ?? "other");
    const judged = source === undefined ? undefined : judgeUse(place, source, wish);
    return judged === undefined || "wish" in judged ? refuseCopy(asked.id, wish) : judged;
  });
} // prettier-ignore

async function copied(place: OnwardPlace, asked: CopyAsked): Promise<void> {
  const isInside = asked.receiver === undefined && ["NOMINAL", "REGIONAL"].includes(asked.copy);
  if (isInside || judgeCopy(place, asked).length === 0) return;
  const { store, clock } = place;
  await store.write(() => {
    const carried = { carrier: asked.id, at: clock.now(), by: asked.by };
    noteUses(store, judgeCopy(place, asked), carried);
  });
}

/** Builds the desk over a gateway's own store. */
export function makeOnwardDesk(place: OnwardPlace): OnwardDesk {
  return {
    uses: (id) => place.store.onward.of(parseUuid(id)).map(showUse),
    declare: (id) => declare(place, id),
    copied: (asked) => copied(place, asked),
    filed: (asked) => place.store.write(() => fileMessages(place, asked)),
  };
}
