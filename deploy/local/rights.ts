/** What one kind of agency may do in one place. */
export interface Right {
  readonly action: "PUBLISH" | "READ";
  /** A community, or "direct". */
  readonly scope: string;
  readonly types: readonly string[];
  readonly crimes?: readonly string[];
  readonly handlingUpTo: string;
}

const financial = ["ml", "tf", "corr", "fraud"];

/** What transnational crime units tell everybody in a community: whole families, so that filters stay few. */
const unitFeeds = [
  "alert.*", "assessment.*", "bulletin.*", "directory.*", "firearm.*", "glossary.*", "notice.*", "record.*",
  "release.*", "seizure.*", "som.*", "statistics.*", "tip.*", "warning.*",
]; // prettier-ignore

/** What transnational crime units write to each other; of what has two editions the nominal one. */
const unitMail = [
  "alert.*", "asset.*", "assurance.*", "control.*", "core_data.*", "data.*", "directory.*", "dissemination.*", "evidence.*", "feedback.*",
  "firearm.*", "forensic.*", "handling.*", "hit.*", "jit.*", "key.*", "liaison.*", "notice.*", "operation.*",
  "outcome.*", "preserve.*", "protection.*", "query.*", "register.*", "reply.*", "request.*", "seizure.*", "som.*", "suspect.*",
  "target.*", "tip.*", "translation.*", "warning.*",
]; // prettier-ignore

/** What financial intelligence units write to each other: their own families, and by what a matter of theirs is carried to its end. */
const financialMail = [
  "asset.*", "data.*", "directory.*", "feedback.*", "fiu.*", "hit.confirmation", "reply.refuse", "request.acknowledge",
  "request.answer", "request.escalate", "request.extend", "request.more_info", "request.remind", "request.transfer",
  "request.withdraw",
]; // prettier-ignore

/** What everyone needs who reads or sends what is sealed in a feed: its keys go by name. */
const keyMail = ["key.*"];

/** What is said of messages that a centre read in a feed: that they are corrected, or taken back. */
const centreMail = ["data.*", ...keyMail];

const seaFeeds = ["bulletin.*", "maritime.*"];

/** What a kind of agency may publish and read in the feed of a community. */
export function feedRights(scope: string, kind: string): readonly Right[] {
  const all: Readonly<Record<string, readonly Right[]>> = {
    MOC: [
      { action: "PUBLISH", scope, types: seaFeeds, handlingUpTo: "H1" },
      { action: "READ", scope, types: seaFeeds, handlingUpTo: "H1" },
    ],
    TCU: [
      { action: "PUBLISH", scope, types: unitFeeds, handlingUpTo: "H2" },
      { action: "READ", scope, types: [...unitFeeds, "maritime.*"], handlingUpTo: "H2" },
    ],
    FIU: [{ action: "READ", scope, types: ["bulletin.*"], crimes: financial, handlingUpTo: "H1" }],
    REGIONAL_CENTRE: [
      { action: "PUBLISH", scope, types: ["bulletin.*"], handlingUpTo: "H1" },
      { action: "READ", scope, types: [...seaFeeds, "alert.*"], handlingUpTo: "H1" },
    ],
  };
  return all[kind] ?? [];
}

/** What a kind of agency may write to others by name, and be written. Any crime: each may stand beside money laundering. */
export function directRights(kind: string): readonly Right[] {
  const all: Readonly<Record<string, readonly string[]>> = {
    FIU: financialMail,
    REGIONAL_CENTRE: centreMail,
    TCU: unitMail,
  };
  const types = all[kind];
  if (types === undefined) return [];
  const right = { scope: "direct", types, handlingUpTo: "H3" };
  return [
    { ...right, action: "PUBLISH" },
    { ...right, action: "READ" },
  ];
}

/** What agencies of an authority let agencies of these kinds read, for a release policy. */
export interface Opening {
  readonly kinds: readonly string[];
  readonly types: readonly string[];
  readonly handlingUpTo?: string;
}

/** The same for every authority: who may read by mandate is let read. */
export const openings: readonly Opening[] = [
  { kinds: ["MOC", "TCU", "REGIONAL_CENTRE"], types: seaFeeds },
  { kinds: ["FIU"], types: ["bulletin.*"] },
  { kinds: ["REGIONAL_CENTRE"], types: ["alert.*", ...centreMail], handlingUpTo: "H2" },
  // up to H3: what is for one reader's eyes is told apart by the mandates
  { kinds: ["TCU"], types: [...new Set([...unitFeeds, ...unitMail])].toSorted() },
  { kinds: ["FIU"], types: financialMail },
];
