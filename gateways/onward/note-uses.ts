import { bodyCodecs, decodeParts, joinParts, type MessageType } from "../../schemas/index.ts";
import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Store } from "../store/index.ts";
import type { AllowedUse } from "./judge.ts";

/** What carried a use, when, and who did it. */
export interface Carried {
  /** UUID of the message, copy or export. */
  readonly carrier: string;
  readonly at: EpochMs;
  readonly by: string;
}

/** Writes uses into the onward log. Runs inside the write that stores what carries them. */
export function noteUses({ onward }: Pick<Store, "onward">, uses: readonly AllowedUse[], carried: Carried): void {
  for (const use of uses) onward.add({ ...use, ...carried });
} // prettier-ignore

function targetsOf(type: MessageType, parts: Bytes): readonly Bytes[] {
  if (type !== "dissemination.consent_decision" && type !== "fiu.consent_decision" && type !== "handling.change") return [];
  const { body } = joinParts(decodeParts(parts).parts);
  if (type === "fiu.consent_decision") return [bodyCodecs[type].decode(body).targetId];
  return bodyCodecs[type].decode(body).targetIds;
} // prettier-ignore

/**
 * Remembers of which messages a message gives, refuses or takes back the use, in whatever thread it stands. Runs inside the
 * write that stores it.
 */
export function noteOwnerWords(
  { onward }: Pick<Store, "onward">,
  { message, type, parts }: { readonly message: number; readonly type: MessageType; readonly parts: Bytes },
): void {
  for (const target of targetsOf(type, parts)) onward.addWord(target, message);
} // prettier-ignore
