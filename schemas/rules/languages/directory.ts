import type {
  DirectoryAuthority,
  DirectoryPing,
  DirectoryPingAnswer,
  LocalizedText,
} from "../../gen/index.ts";
import type { EpochMs } from "../../ground/index.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";

type Entry = Rule<BodyContext<DirectoryAuthority>>;

/** After this long nobody knows whether an entry still holds: twelve months. */
const staleAfterMs = 365 * 24 * 60 * 60 * 1000;

/** Indexes of the texts whose language an earlier one has. */
export function findLanguageTwice(texts: readonly LocalizedText[]): readonly number[] {
  const tags = texts.map(({ lang }) => lang);
  return tags.flatMap((tag, at) => (tags.indexOf(tag) === at ? [] : [at]));
}

const localized = ["names", "informationNeeded", "limitationOfUse", "urgentProcedure"] as const;

/** One text a language: of two, the reader could not know which holds. */
export const textsOncePerLanguage: Entry = {
  code: "RULE_DIRECTORY_NAME_TWICE",
  says: "there is a text in this language already; keep one",
  find: ({ body }) =>
    localized.flatMap((field) =>
      findLanguageTwice(body[field]).map((at) => `/${field}/${at}/lang`),
    ),
};

/** Hours have a zone, run forwards, and are not given for an office that never closes. */
export const hoursAreUsable: Entry = {
  code: "RULE_DIRECTORY_HOURS",
  says: "office hours name timeZone, close after they open, and are left out where alwaysOpen is true",
  find: ({ body }) => {
    const { officeHours, timeZone, alwaysOpen } = body;
    if (officeHours.length === 0) return [];
    return [
      ...(alwaysOpen === true ? ["/alwaysOpen"] : []),
      ...(timeZone === undefined ? ["/timeZone"] : []),
      // HH:MM sorts as text does
      ...officeHours.flatMap(({ opens, closes }, at) =>
        closes <= opens ? [`/officeHours/${at}/closes`] : [],
      ),
    ];
  },
};

/** The field each channel needs; the others are known by the country alone. */
const addressOf: readonly {
  readonly channel: string;
  readonly path: string;
  readonly has: (entry: DirectoryAuthority) => boolean;
}[] = [
  { channel: "BROKER", path: "/agency", has: ({ agency }) => agency !== undefined },
  { channel: "EMAIL", path: "/contact/email", has: ({ contact }) => contact?.email !== undefined },
  { channel: "POST", path: "/postalAddress", has: ({ postalAddress }) => postalAddress.length > 0 },
];

/** A channel without an address is a promise nobody can use. */
export const channelsReach: Entry = {
  code: "RULE_DIRECTORY_UNREACHABLE",
  says: "the channel needs this field: agency for BROKER, contact.email for EMAIL, postalAddress for POST",
  find: ({ body }) =>
    addressOf
      .filter(({ channel, has }) => body.channels.includes(channel) && !has(body))
      .map(({ path }) => path),
};

/**
 * A state speaks for its own authorities, so nobody can redirect another's letters. A community, whose
 * short name is no country's, may publish the entries its members gave it.
 */
export const stateSpeaksForItself: Rule<MessageContext<DirectoryAuthority>> = {
  code: "RULE_DIRECTORY_FOREIGN",
  says: "the entry is of another country than the sender's; let that country publish it",
  find: ({ originator, body }) => {
    const [home = ""] = originator.split("/", 1);
    const own = home.toUpperCase();
    if (own.length !== 2) return [];
    const isForeignAddress = body.agency !== undefined && !body.agency.startsWith(`${home}/`);
    return [
      ...(body.country === own ? [] : ["/country"]),
      ...(isForeignAddress ? ["/agency"] : []),
    ];
  },
};

/** Nobody verified what is still to come. */
export const verifiedBeforeSent: Rule<MessageContext<DirectoryAuthority>> = {
  code: "RULE_DIRECTORY_VERIFIED_LATER",
  says: "verifiedAt is after the message was made; give the day somebody asked the authority",
  find: ({ createdAt, body }) => (body.verifiedAt > createdAt ? ["/verifiedAt"] : []),
};

/** Nobody can be asked to answer before he was asked. */
export const pingLeavesTime: Rule<MessageContext<DirectoryPing>> = {
  code: "RULE_DEADLINE_PAST",
  says: "answerBy is over already; give the authority some days",
  find: ({ createdAt, body }) => (body.answerBy <= createdAt ? ["/answerBy"] : []),
};

/** Likewise of what an answer says. */
export const answerWasVerified: Rule<MessageContext<DirectoryPingAnswer>> = {
  code: "RULE_DIRECTORY_VERIFIED_LATER",
  says: verifiedBeforeSent.says,
  find: ({ createdAt, body }) => (body.verifiedAt > createdAt ? ["/verifiedAt"] : []),
};

/**
 * Whether an entry was last verified more than twelve months before `at`. A warning to its readers, never
 * a reason to refuse: an old address is better than none.
 */
export function isStaleEntry(
  { verifiedAt }: Pick<DirectoryAuthority, "verifiedAt">,
  at: EpochMs,
): boolean {
  return at - verifiedAt > staleAfterMs;
}
