import { bodyMessageName, isKnownType, type MessageType } from "../body/index.ts";
import { descriptors } from "../gen/index.ts";
import { Fault } from "../ground/index.ts";
import { innerHeaderPart } from "../index.ts";

/** The redacted copies there are: the codes of the list COPY. NOMINAL withholds nothing. */
export const copyKinds = ["NOMINAL", "REGIONAL", "COURT", "DEFENCE"] as const;

/** A kind of copy. */
export type CopyKind = (typeof copyKinds)[number];

/** Whether a text, read from outside, is a kind of copy. */
export function isCopyKind(text: string): text is CopyKind {
  return copyKinds.some((kind) => kind === text);
}

/**
 * The inner header has the judgement of sources, restrictions and references in it: no copy shows it beside the
 * nominal one, but for the court's copy of a direct message, whose type stands nowhere else.
 */
function showsInnerHeader(kind: CopyKind, scope: string): boolean {
  return kind === "NOMINAL" || (kind === "COURT" && scope === "DIRECT");
}

/**
 * The numbers of the parts that a copy shows: by the schema's own word, and nothing that it does not name.
 *
 * @throws {Fault} COPY_NOT_POSSIBLE when the type would not show: a direct message says it in the inner header only
 */
export function partsShown(
  type: MessageType,
  { kind, scope }: { readonly kind: CopyKind; readonly scope: string },
): ReadonlySet<number> {
  const fields = descriptors[bodyMessageName(type)]?.fields ?? [];
  const withHeader = showsInnerHeader(kind, scope);
  if (scope === "DIRECT" && !withHeader) {
    const way = "ask for the NOMINAL or the COURT copy";
    throw new Fault(
      "COPY_NOT_POSSIBLE",
      `the type of a direct message stands in its inner header; ${way}`,
    );
  }
  const shown = fields.filter(({ copies }) => kind === "NOMINAL" || (copies ?? []).includes(kind));
  return new Set([...(withHeader ? [innerHeaderPart] : []), ...shown.map(({ number }) => number)]);
}

/** The type that the outer and inner header of a copy say together. */
export function typeOfCopy(outer: string | undefined, inner: string | undefined): MessageType {
  const type = outer ?? inner ?? "";
  if (isKnownType(type)) return type;
  throw new Fault("SCHEMA_UNKNOWN_TYPE", "the type is not in our schemas");
}
