import {
  bodyMessageName,
  type Language,
  type LocalizedText,
  renderInstant,
  renderJson,
} from "../../schemas/index.ts";
import { Fault, tryShape } from "../../schemas/ground/index.ts";
import type { DirectoryDesk, FlaggedEntry, LastPing } from "../directory/index.ts";
import { visibleTo } from "../people/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { type AuthorityShape, directoryQueryShape } from "./directory-shapes.ts";
import { chooseLanguage } from "./negotiate.ts";

function deskOf({ services }: Desk): DirectoryDesk {
  if (services?.directory !== undefined) return services.directory;
  throw new Fault("NOT_FOUND", "this gateway keeps no directory of authorities");
}

/** The text in the reader's language, or else in English, or else the first. */
function pickText(texts: readonly LocalizedText[], lang: Language): { readonly text: string; readonly lang: string } | undefined {
  const [first] = texts;
  const found = [lang, "en"].flatMap((one) => texts.find((text) => text.lang.split("-", 1)[0] === one) ?? []);
  const chosen = found[0] ?? first;
  return chosen === undefined ? undefined : { text: chosen.text, lang: chosen.lang };
} // prettier-ignore

function renderPing({ answeredAt, at, answerBy, to, ...ping }: LastPing): AuthorityShape["lastPing"] {
  const answered = answeredAt === undefined ? {} : { answeredAt: renderInstant(answeredAt) };
  return { ...ping, to: [...to], at: renderInstant(at), answerBy: renderInstant(answerBy), ...answered };
} // prettier-ignore

/** An entry as the API tells it: what stands in it as it stands there; its texts in the reader's language, and what is to be said of it now. */
export function renderAuthority(entry: FlaggedEntry, lang: Language): Record<string, unknown> {
  const { held, verifiedAt, isSignedByState, flags, lastPing } = entry;
  const { names, informationNeeded, limitationOfUse, urgentProcedure } = held.body;
  const body = new Map(
    Object.entries(renderJson(bodyMessageName("directory.authority"), held.body) ?? {}),
  );
  for (const name of ["names", "certificateDigests", "validFrom", "validUntil"]) body.delete(name);
  return {
    ...Object.fromEntries(body),
    entry: held.id,
    crimes: held.body.crimes,
    name: pickText(names, lang),
    informationNeeded: pickText(informationNeeded, lang),
    limitationOfUse: pickText(limitationOfUse, lang),
    urgentProcedure: pickText(urgentProcedure, lang),
    publishedBy: held.originator,
    signedByState: isSignedByState,
    verifiedAt: renderInstant(verifiedAt),
    good: flags.length === 0,
    flags,
    lastPing: lastPing === undefined ? undefined : renderPing(lastPing),
  };
}

/**
 * Who exists and which communities are served, as the register says now; asked for a country, a function or a crime, also the
 * authorities that are competent, whom to ask first at the front.
 *
 * @throws {Fault} REQUEST_INVALID, NOT_FOUND
 */
export function getDirectory(desk: Desk, call: Call): Response {
  const asked = tryShape(directoryQueryShape, Object.fromEntries(call.url.searchParams));
  if (!asked.success) {
    throw new Fault("REQUEST_INVALID", "country is like NG, function a code of AUTHORITY_FUNCTION, crime a code of CRIME"); // prettier-ignore
  }
  const { directory } = desk;
  const servedRecs = directory.servedRecs();
  const { country } = asked.data;
  const isOf = ({ authority }: { readonly authority: string }): boolean => country === undefined || authority.toUpperCase() === country; // prettier-ignore
  const agencies = directory.agencies().filter(isOf);
  if (call.url.search === "") return renderAnswer({ agencies, servedRecs });
  const lang = chooseLanguage(call.request.headers);
  const authorities = deskOf(desk)
    .find(asked.data)
    .filter(({ held }) => visibleTo(call.caller, { handling: held.handling, state: "VERIFIED" }))
    .map((entry) => ({
      ...renderAuthority(entry, lang),
      onDuty: deskOf(desk).isOnDuty(entry.held.body.agency ?? ""),
    }));
  return renderAnswer({ agencies, servedRecs, authorities });
}

/**
 * The question to an authority whether its entry holds; whoever sends it sends it as every message.
 *
 * @throws {Fault} NOT_FOUND, REQUEST_INVALID
 */
export function getPingDraft(desk: Desk, { params }: Call): Response {
  return renderAnswer({ message: deskOf(desk).ping(params["id"] ?? "") });
}
