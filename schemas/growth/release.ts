import { type MessageType, messageTypes } from "../body/index.ts";
import type { MessageDescriptor } from "../codec/index.ts";
import { codeList, codeListNames } from "../codes/index.ts";
import { descriptors } from "../gen/index.ts";
import { bodyRulesOf, messageRulesOf } from "../rules/index.ts";

/** One edition of a code list as a release remembers it. */
export interface ReleasedList {
  readonly version: number;
  readonly digest: string;
  readonly codes: readonly string[];
}

/** All that two parties agreed on in one release: fields, code lists, and which rules a type keeps. */
export interface Release {
  readonly messages: Readonly<Record<string, MessageDescriptor>>;
  readonly lists: Readonly<Record<string, ReleasedList>>;
  /** The codes of the rules over each type, in alphabetical order. */
  readonly rules: Readonly<Record<string, readonly string[]>>;
}

function rulesOf(type: MessageType): readonly string[] {
  const codes = [...bodyRulesOf(type), ...messageRulesOf(type)].map(({ code }) => code);
  return [...new Set(codes)].toSorted();
}

function listsNow(): Release["lists"] {
  const lists = codeListNames.flatMap((name) => {
    const list = codeList(name);
    if (list === undefined) return [];
    const { version, digest, codes } = list;
    return [[name, { version, digest, codes }] as const];
  });
  return Object.fromEntries(lists);
}

/** What the schemas say today, in the form of a release. */
export function makeRelease(): Release {
  return {
    messages: descriptors,
    lists: listsNow(),
    rules: Object.fromEntries(messageTypes.map((type) => [type, rulesOf(type)])),
  };
}
