import { z } from "zod";

import {
  codeList,
  labelOf,
  type Language,
  type MessageType,
  messageTypes,
  typeLabel,
  typeOptions,
} from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import type { Exchange } from "../exchange/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { chooseLanguage } from "./negotiate.ts"; // prettier-ignore

const scopeShape = z.strictObject({
  scope: z.string().meta({ description: "a community, or direct: to agencies by name" }),
  crimes: z.array(z.string()),
  handlingUpTo: z.string(),
});

/** What this agency may write now. */
export const templatesShape = z.strictObject({
  items: z.array(
    z.strictObject({
      type: z.string(),
      label: z.string(),
      family: z.string().meta({ description: "the part of the type before its dot" }),
      isAnswer: z.boolean().meta({ description: "it answers or ends what another message began, and is written from that" }),
      form: z.string(),
      urgency: z.string(),
      urgencyName: z.string(),
      scopes: z.array(scopeShape),
    }),
  ),
}); // prettier-ignore

type Scope = z.infer<typeof scopeShape>;

const handlings = ["H3", "H2", "H1", "H0"];

type Judge = Pick<Exchange, "agency" | "decision">;

function isAllowed({ agency, decision }: Judge, asked: { readonly type: string; readonly scope: string; readonly handling: string; readonly crime?: string }): boolean {
  return decision({ action: "PUBLISH", agency, originator: agency, ...asked }).allow;
} // prettier-ignore

/** About which crimes, and how strict at most, the register lets us say this there; undefined where not at all. */
function findScope(judge: Judge, type: string, scope: string): Scope | undefined {
  const handling = "H0";
  // a crime that is not named is covered by any line: most types end here
  if (!isAllowed(judge, { type, scope, handling })) return undefined;
  const all = codeList("CRIME")?.codes ?? [];
  const crimes = all.filter((crime) => isAllowed(judge, { type, scope, handling, crime }));
  const handlingUpTo = handlings.find(
    (most) =>
      isAllowed(judge, { type, scope, handling: most }) &&
      crimes.some((crime) => isAllowed(judge, { type, scope, handling: most, crime })),
  );
  return handlingUpTo === undefined ? undefined : { scope, crimes, handlingUpTo };
}

/** Types whose messages another message opens. */
function isAnswerType(type: MessageType): boolean {
  return messageTypes.some((other) => typeOptions(other)?.closedBy?.includes(type) === true);
}

function renderTemplate(type: MessageType, scopes: readonly Scope[], lang: Language): Record<string, unknown> {
  const { form, urgency = "NORMAL" } = typeOptions(type) ?? {};
  const [family] = type.split(".");
  const said = { type, label: typeLabel(type, lang), family, isAnswer: isAnswerType(type) };
  return { ...said, form, urgency, urgencyName: labelOf("URGENCY", urgency, lang), scopes };
} // prettier-ignore

/** What may be written where, by type. */
type Writable = ReadonlyMap<MessageType, readonly Scope[]>;

function findWritable({ exchange, directory }: Desk): Writable {
  const recs = directory.servedRecs();
  const found = messageTypes
    .filter((type) => !type.startsWith("key."))
    .map((type) => {
      // to agencies by name everything goes, into a feed what is made for it
      const places = typeOptions(type)?.scope === "FEED" ? [...recs, "direct"] : ["direct"];
      return [type, places.flatMap((place) => findScope(exchange, type, place) ?? [])] as const;
    });
  return new Map(found.filter(([, scopes]) => scopes.length > 0));
}

interface Held {
  readonly epoch: number;
  readonly until: EpochMs;
  readonly writable: Writable;
}

/** Thousands of decisions stand behind it, and between two of a minute hardly one changes. */
const heldMs = 60_000;
const held = new WeakMap<Exchange, Held>();

function readWritable(desk: Desk): Writable {
  const { exchange, clock } = desk;
  const { registerEpoch: epoch } = exchange.status();
  const known = held.get(exchange);
  const now = clock.now();
  if (known !== undefined && known.epoch === epoch && now < known.until) return known.writable;
  const writable = findWritable(desk);
  held.set(exchange, { epoch, until: now + heldMs, writable });
  return writable;
}

/** What the register lets this agency write now: each type with where, about what and how strict at most. */
export function getTemplates(desk: Desk, { request }: Call): Response {
  const lang = chooseLanguage(request.headers);
  const items = [...readWritable(desk)].map(([type, scopes]) => renderTemplate(type, scopes, lang));
  return renderAnswer({ items });
}
