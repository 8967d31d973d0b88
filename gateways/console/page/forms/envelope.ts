import { say } from "../ground/words.ts";
import { agencies, type Field, type Form, served } from "./form.ts";

const plain = {
  isRequired: false,
  list: "",
  group: "",
  unit: "",
  most: undefined,
  characters: undefined,
} as const;

function field(name: string, more: Partial<Field>): Field {
  return { ...plain, name, says: name, widget: "text", ...more };
}

/** Whom a message goes to: communities for what is published, agencies for mail. */
export function addressFields({ isFeed }: Form): readonly Field[] {
  return isFeed
    ? [field("recs", { says: say("form.recs"), widget: "codes", list: served, most: 12, isRequired: true })]
    : [field("recipients", { says: say("form.recipients"), widget: "code", list: agencies, most: 8, isRequired: true })];
} // prettier-ignore

/** What stands around every body, in the language of the page. */
export function outerFields(): readonly Field[] {
  return [
    field("crimes", { says: say("read.crimes"), widget: "codes", list: "CRIME", most: 12, isRequired: true }),
    field("handling", { says: say("read.handling"), widget: "code", list: "HANDLING", isRequired: true }),
    field("urgency", { says: say("read.urgency"), widget: "code", list: "URGENCY", isRequired: true }),
    field("status", { says: say("form.status"), widget: "code", list: "STATUS" }),
    field("expiresAt", { says: say("read.expires"), widget: "moment" }),
  ];
} // prettier-ignore

/** What nearly every message says to its readers, and so stands open. */
const usual: ReadonlySet<string> = new Set(["caseRef", "purposes"]);

/** What is told to readers alone beside the body. */
export function innerFields({ inner }: Form): readonly Field[] {
  return inner.map((one) => (usual.has(one.name) ? { ...one, isRequired: true } : one));
}
