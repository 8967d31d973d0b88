import type { Language } from "../../../schemas/index.ts";
import { type EpochMs, Fault, sameBytes } from "../../../schemas/ground/index.ts";
import { rolePath } from "../../trust/index.ts";
import { renderFingerprint } from "../ceremony/fingerprint.ts";
import type { Change } from "./change.ts";
import { compare } from "./compare.ts";
import { type ChangeWords, describeChange } from "./describe.ts";
import { checkProposal } from "./draft-change.ts";
import type { RegisterOffice } from "./office-folder.ts";
import type { Officer } from "./officers.ts";
import { checkOfficersChange } from "./officers-file.ts";
import { findPending, loadChange } from "./pending.ts";
import { applyContent, readRegisterContent } from "./read-content.ts";
import { describeRoot } from "./root-change.ts";
import { remark, type Remark, renderRemark } from "./sentences.ts";

/** When a change is looked at, and in which language it is told. */
export interface Telling {
  readonly at: EpochMs;
  readonly lang: Language;
}

function withoutEffect(remarks: readonly Remark[], lang: Language): ChangeWords {
  return { lines: remarks.map((one) => renderRemark(one, lang)), effects: [], touched: [] };
}

function aboutOf({ name, key }: Officer): Remark["values"] {
  return { name, fingerprint: renderFingerprint(key.spki) };
}

function describeOfficers(before: readonly Officer[], after: readonly Officer[]): readonly Remark[] {
  const { added, removed } = compare(before, after, ({ name }) => name);
  const rekeyed = after.filter(({ name, key }) =>
    before.some((one) => one.name === name && !sameBytes(one.key.spki, key.spki)),
  );
  return [
    ...added.map((one) => remark("OFFICER_ADDED", aboutOf(one))),
    ...removed.map(({ name }) => remark("OFFICER_REMOVED", { name })),
    ...rekeyed.map((one) => remark("OFFICER_KEY", aboutOf(one))),
  ];
} // prettier-ignore

/**
 * What a proposed change means, against the register as this office has it.
 *
 * @throws {Fault} CHANGE_OUTDATED, CHANGE_INVALID, SCHEMA_INVALID; CERT_MALFORMED of a revocation list that cannot be read
 */
export function describeProposed(
  { files, officers }: RegisterOffice,
  change: Change,
  { at, lang }: Telling,
): ChangeWords {
  const { proposal } = change;
  if (proposal.part === "officers") {
    return withoutEffect(describeOfficers(officers.officers, checkOfficersChange(change)), lang);
  }
  const content = checkProposal(files, proposal, at);
  const after = applyContent(files, content);
  return describeChange({ before: readRegisterContent(files), after }, at, lang);
}

/**
 * What is pending of a part, in plain words.
 *
 * @throws {Fault} NOT_FOUND, CHANGE_OUTDATED, CHANGE_INVALID, SCHEMA_INVALID, REGISTER_INVALID
 */
export function describePending(office: RegisterOffice, part: string, telling: Telling): ChangeWords {
  if (part !== "root") return describeProposed(office, loadChange(office, part), telling);
  const root = findPending(office, "root");
  if (root === undefined) throw new Fault("NOT_FOUND", "no root is pending; make one with: atumpan register rotate");
  const isFirst = !office.files.has(rolePath("root", 1));
  return withoutEffect(describeRoot(office.files, root, isFirst), telling.lang);
} // prettier-ignore
