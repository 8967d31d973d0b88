import type { MessageDetail, Submission } from "../exchange/index.ts";
import { collectParts, findFacts } from "./collect.ts";

type Json = Readonly<Record<string, unknown>>;

/** A central authority as a request names it. */
export interface MlaSide {
  readonly country: string;
  readonly name?: { readonly text: string; readonly lang: string } | undefined;
  readonly agency?: string | undefined;
}

/** Between whom the request is to be. */
export interface MlaSides {
  readonly requesting: MlaSide;
  readonly requested: MlaSide;
}

/** A message of the thread that may be used in it, and the consent that this rests on, where one was needed. */
export interface UsableMessage {
  readonly detail: MessageDetail;
  readonly permission?: string | undefined;
}

/** What a request is begun with. */
export interface MlaParts {
  readonly usable: readonly UsableMessage[];
  /** Messages that led to it and may be named as leads only. */
  readonly leads: readonly MessageDetail[];
  readonly sides: MlaSides;
  readonly purpose: string;
}

const maxFacts = 4_000;
/** As many as the request has room for. */
const room: Readonly<Record<string, number>> = {
  persons: 50,
  organisations: 50,
  accounts: 50,
  offences: 20,
  orders: 10,
};

function partsOf(usable: readonly UsableMessage[]): Json {
  const found = usable.flatMap(({ detail }, at) => collectParts(detail, `m${at + 1}-`));
  const byPlace = Map.groupBy(found, ({ place }) => place);
  return Object.fromEntries(
    [...byPlace].map(([place, parts]) => {
      // what two messages say alike stands once, but for what they call it
      const alike = new Map(parts.map(({ value }) => [JSON.stringify({ ...value, ref: "" }), value])); // prettier-ignore
      return [place, [...alike.values()].slice(0, room[place] ?? 10)];
    }),
  );
}

/** The words of the case in the language of the first message that tells it; those in others are left to whoever writes. */
function factsOf(usable: readonly UsableMessage[]): Json {
  const told = usable.flatMap(({ detail }) => findFacts(detail) ?? []);
  const lang = told[0]?.lang;
  if (lang === undefined) return {};
  const texts = new Set(told.filter((one) => one.lang === lang).map(({ text }) => text));
  return { facts: { text: [...texts].join("\n\n").slice(0, maxFacts), lang } };
}

function contactOf({ id, handling, originator }: MessageDetail): Json {
  return { messageId: id, handling, agency: originator };
}

function contactsOf({ usable, leads }: MlaParts, agency: string): readonly Json[] {
  const evidence = usable
    .filter(({ detail }) => detail.originator !== agency)
    .map(({ detail, permission }) => ({
      ...contactOf(detail),
      usedAs: "EVIDENCE",
      ...(permission === undefined ? {} : { permissionId: permission }),
    }));
  const only = leads.map((detail) => ({ ...contactOf(detail), usedAs: "LEAD" }));
  return [...evidence, ...only].slice(0, 30);
}

function namesIn(usable: readonly UsableMessage[], field: string): readonly string[] {
  const all = usable.flatMap(({ detail: { inner } }) => {
    const held: unknown = typeof inner === "object" && inner !== null ? Object.entries(inner).find(([name]) => name === field)?.[1] : undefined;
    return Array.isArray(held) ? held.filter((one) => typeof one === "string") : [];
  });
  return [...new Set(all)];
} // prettier-ignore

/** Restrictions of what is used bind the request: nobody is told in it whom its source keeps it from. */
const binding = [
  "consentRequiredFor",
  "sensitiveCategories",
  "protectedFrom",
  "excludedRecipients",
];

function innerOf({ usable, purpose }: MlaParts, agency: string): Json {
  const others = usable.filter(({ detail }) => detail.originator !== agency);
  const bound = binding.map((field) => [field, namesIn(usable, field)] as const);
  return {
    purposes: [purpose],
    courtUse: "YES_VIA_MLA",
    ...(others.length === 0 ? {} : { passesOn: others.map(({ detail }) => detail.id) }),
    ...Object.fromEntries(bound.filter(([, codes]) => codes.length > 0)),
  };
}

/**
 * The beginning of a formal request from a police thread: who asks whom, what the usable messages say of the case, and every
 * message that led to it, so that those who gave it hear what came of it. What is asked for, on which law and basis, is for the
 * central authority to write. Nothing of a message that is only a lead stands in it.
 */
export function draftMla(parts: MlaParts, agency: string): Submission {
  const { usable, leads, sides } = parts;
  const messages = [...usable.map(({ detail }) => detail), ...leads];
  const crimes = [...new Set(messages.flatMap((one) => one.crimes))].slice(0, 12);
  const handling = usable.map(({ detail }) => detail.handling).toSorted().at(-1) ?? "H1";
  const { requesting, requested } = sides;
  const contacts = contactsOf(parts, agency);
  return {
    type: "mla.request",
    crimes,
    recipients: requested.agency === undefined ? [] : [requested.agency],
    // a formal request is never handled looser than its own type asks
    handling: handling < "H1" ? "H1" : handling,
    status: messages[0]?.status ?? "ACTUAL",
    inner: innerOf(parts, agency),
    body: {
      requesting,
      requested,
      ...factsOf(usable),
      ...partsOf(usable),
      ...(contacts.length === 0 ? {} : { priorContacts: contacts }),
    },
  };
} // prettier-ignore
