import { z } from "zod";

import { labelOf, type Language } from "../../schemas/index.ts";
import { renderMinute } from "./render-minute.ts";
import type { Say } from "./words.ts";

const text = z.looseObject({ text: z.string() });
const authorityShape = z.looseObject({
  entry: z.string(),
  name: text,
  agency: z.string().optional(),
  channels: z.array(z.string()),
  languages: z.array(z.string()),
  urgentPhone: z.string().optional(),
  urgentProcedure: text.optional(),
  publishedBy: z.string(),
  verifiedAt: z.string(),
  flags: z.array(z.string()),
  onDuty: z.boolean().optional(),
});

/** Whom to call on each side of a matter that is late twice, as the gateway tells it. */
export const contactsShape = z.array(
  z.looseObject({
    side: z.enum(["OTHER", "OWN"]),
    agency: z.string(),
    country: z.string(),
    function: z.string(),
    known: z.boolean(),
    authority: authorityShape.optional(),
  }),
);

type Contact = z.infer<typeof contactsShape>[number];
type Authority = z.infer<typeof authorityShape>;

function renderAuthority(say: Say, lang: Language, authority: Authority): readonly string[] {
  const { urgentPhone, urgentProcedure, channels, languages, flags, onDuty } = authority;
  const { verifiedAt, publishedBy: by, entry } = authority;
  const urgent = [urgentPhone, urgentProcedure?.text].filter((one) => one !== undefined);
  const ways = channels.map((code) => labelOf("REQUEST_CHANNEL", code, lang)).join(", ");
  return [
    ...(urgent.length === 0 ? [] : [say("contact.urgent", { how: urgent.join(" · ") })]),
    say("contact.ways", { ways, languages: languages.join(", ") }),
    ...(onDuty === undefined ? [] : [say(onDuty ? "contact.onDuty" : "contact.offDuty")]),
    say("contact.verified", { when: renderMinute(verifiedAt), by, entry }),
    ...flags.map((flag) => `${say("contact.care")}  ${say(`contact.flag.${flag}`)} (${flag})`),
  ].map((line) => `    ${line}`);
} // prettier-ignore

function renderContact(say: Say, lang: Language, { side, authority, ...contact }: Contact): readonly string[] {
  const { agency, country } = contact;
  const whose = say(`contact.side.${side}`, { agency });
  const what = labelOf("AUTHORITY_FUNCTION", contact.function, lang);
  if (authority === undefined) return [`  ${whose}: ${say("contact.none", { country, what })}`];
  const address = authority.agency === undefined ? "" : `  (${authority.agency})`;
  const head = `  ${whose}: ${country}, ${what}: ${authority.name.text}${address}`;
  return [head, ...renderAuthority(say, lang, authority)];
} // prettier-ignore

/** Whom to call about a thread that is late twice; empty where there is nobody to tell of. */
export function renderContacts(
  { thread = "-", contacts = [] }: { readonly thread?: string | undefined; readonly contacts?: readonly Contact[] | undefined },
  { say, lang }: { readonly say: Say; readonly lang: Language },
): string {
  if (contacts.length === 0) return "";
  const lines = contacts.flatMap((one) => renderContact(say, lang, one));
  return ["", say("contact.call", { thread }), ...lines].join("\n");
} // prettier-ignore
