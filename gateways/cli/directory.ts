import { z } from "zod";

import type { Language } from "../../schemas/index.ts";
import { labelOf } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { sendText } from "./messages.ts";
import { objectShape } from "./read-message.ts";
import { renderMinute } from "./render-minute.ts";
import { sayOf } from "./words.ts";

const text = z.looseObject({ text: z.string() });
const pingShape = z.looseObject({
  at: z.string(),
  answerBy: z.string(),
  answeredAt: z.string().optional(),
  contactState: z.string().optional(),
});
const authorityShape = z.looseObject({
  entry: z.string(),
  country: z.string(),
  name: text,
  functions: z.array(z.string()),
  crimes: z.array(z.string()),
  agency: z.string().optional(),
  channels: z.array(z.string()),
  languages: z.array(z.string()),
  urgentProcedure: text.optional(),
  urgentPhone: z.string().optional(),
  publishedBy: z.string(),
  verifiedAt: z.string(),
  good: z.boolean(),
  flags: z.array(z.string()),
  lastPing: pingShape.optional(),
  onDuty: z.boolean().optional(),
});
const answerShape = z.looseObject({ authorities: z.array(authorityShape) });
const draftShape = z.looseObject({ message: objectShape });

type Authority = z.infer<typeof authorityShape>;

/** For what somebody is looked for. */
export interface FindOptions {
  readonly country?: string;
  readonly function?: string;
  readonly crime?: string;
}

const flagWords: Readonly<Record<string, string>> = {
  STALE: "nobody verified it within twelve months",
  UNANSWERED: "it was asked and did not answer in time",
  NOT_REACHED: "it could not be reached",
  CHANGED: "it says that something changed",
  NOT_COMPETENT: "it says that it is not for it any more",
  NOT_BY_ITS_STATE: "a community published it, and not its state",
  NOT_ON_NETWORK: "its address on this network is none, or is suspended",
};

function renderAsked({ lastPing }: Authority): readonly string[] {
  if (lastPing === undefined) return [];
  const { at, answeredAt, answerBy, contactState = "" } = lastPing;
  const came =
    answeredAt === undefined
      ? `answer by ${renderMinute(answerBy)}`
      : `${contactState}, ${renderMinute(answeredAt)}`;
  return [`  asked ${renderMinute(at)}: ${came}`];
}

function renderDuty({ onDuty }: Authority): readonly string[] {
  if (onDuty === undefined) return [];
  return [onDuty ? "  on duty now" : "  nobody is on duty now"];
}

function renderAuthority(authority: Authority, lang: Language): string {
  const { country, name, functions, crimes, agency, channels, languages } = authority;
  const { urgentProcedure, urgentPhone, publishedBy, verifiedAt, flags, entry } = authority;
  const named = (list: string, codes: readonly string[]): string =>
    codes.map((code) => labelOf(list, code, lang)).join(", ");
  const urgent = [urgentPhone, urgentProcedure?.text].filter((one) => one !== undefined);
  return [
    `${country}  ${name.text}${agency === undefined ? "" : `  (${agency})`}`,
    `  for: ${named("AUTHORITY_FUNCTION", functions)}${crimes.length === 0 ? "" : ` · ${named("CRIME", crimes)}`}`,
    `  by: ${named("REQUEST_CHANNEL", channels)}; in ${languages.join(", ")}`,
    ...renderDuty(authority),
    ...(urgent.length === 0 ? [] : [`  urgent: ${urgent.join(" · ")}`]),
    `  verified ${renderMinute(verifiedAt)}, published by ${publishedBy}; entry ${entry}`,
    ...flags.map((flag) => `  CARE  ${flagWords[flag] ?? flag} (${flag})`),
    ...renderAsked(authority),
  ].join("\n");
}

/** Says whom to ask: the authorities that are competent, the first to ask first. */
export async function runFind(desk: Desk, options: FindOptions): Promise<number> {
  const { country, function: task, crime } = options;
  const asked = { country: country?.toUpperCase(), function: task?.toUpperCase(), crime };
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) {
    if (value !== undefined) search.set(name, value);
  }
  if (search.size === 0) throw new Fault("USAGE_INVALID", "say --country, --function or --crime");
  const lang = desk.common.lang ?? "en";
  const path = `/v1/directory?${search.toString()}`;
  const headers = { "accept-language": lang };
  const { authorities } = await desk.client().askFor(answerShape, { path, headers });
  const lines = authorities.map((one) => renderAuthority(one, lang));
  desk.result({ authorities }, lines.length === 0 ? sayOf(desk)("none.authorities") : lines.join("\n\n")); // prettier-ignore
  return exitCodes.ok;
}

/** Asks an authority whether its entry still holds. The same question on one day is sent once. */
export async function runPing(
  desk: Desk,
  entry: string,
  options: { readonly dryRun?: true },
): Promise<number> {
  const path = `/v1/directory/${encodeURIComponent(entry)}/ping`;
  const { message } = await desk.client().askFor(draftShape, { path });
  return await sendText(desk, JSON.stringify(message), options);
}
