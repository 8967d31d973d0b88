import {
  type AlertCancel,
  bodyCodecs,
  type DataBlock,
  type Envelope,
  type MessageType,
} from "../../schemas/index.ts";
import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { LookupStop } from "../store/index.ts";

/** Words of an owner about several messages. */
interface Said {
  readonly targets: readonly Bytes[];
  readonly word: LookupStop["word"];
  /** Since when; since it was written when left out. */
  readonly at?: EpochMs | undefined;
}

/** A message as it is looked at for what it says of others. */
export interface Saying {
  readonly type: MessageType;
  readonly body: Bytes;
  readonly envelope: Pick<Envelope, "originator" | "createdAt">;
  /** The message it stands in the place of. */
  readonly supersedes: Bytes | undefined;
}

function saidByCancel({ targetId, alsoIds, effectiveAt }: AlertCancel): Said {
  return { targets: [targetId, ...alsoIds], word: "WITHDRAWN", at: effectiveAt };
}

function saidByBlock({ targetIds, blockAct }: DataBlock): Said {
  if (blockAct === "LIFTED_WITHDRAWN") return { targets: targetIds, word: "WITHDRAWN" };
  const isLifted = blockAct === "LIFTED_CONFIRMED" || blockAct === "LIFTED_CORRECTED";
  return { targets: targetIds, word: isLifted ? "LIFTED" : "BLOCKED" };
}

const nothing: Said = { targets: [], word: "WITHDRAWN" };

const readers: { readonly [T in MessageType]?: (body: Bytes) => Said } = {
  "alert.cancel": (bytes) => saidByCancel(bodyCodecs["alert.cancel"].decode(bytes)),
  "data.block": (bytes) => saidByBlock(bodyCodecs["data.block"].decode(bytes)),
  "data.purge": (bytes) => {
    const { targetIds, purgeScope } = bodyCodecs["data.purge"].decode(bytes);
    // of a message of which a person is to go, none is found any more
    return purgeScope === "ATTACHMENT" ? nothing : { targets: targetIds, word: "WITHDRAWN" };
  },
  "data.correct": (bytes) => {
    const { targetId } = bodyCodecs["data.correct"].decode(bytes);
    return { targets: [targetId], word: "CORRECTED" };
  },
  "firearm.destroyed": (bytes) => {
    const { recordIds } = bodyCodecs["firearm.destroyed"].decode(bytes);
    return { targets: recordIds, word: "WITHDRAWN" };
  },
  "hit.confirmation": (bytes) => {
    const { recordId, decision } = bodyCodecs["hit.confirmation"].decode(bytes);
    return decision === "WITHDRAWN" ? { targets: [recordId], word: "WITHDRAWN" } : nothing;
  },
};

/** What a message says of others of its sender's, for whoever looks things up. Of a sender's own alone it will count. */
export function findStops({ type, body, envelope, supersedes }: Saying): readonly LookupStop[] {
  const { originator, createdAt } = envelope;
  const { targets, word, at = createdAt } = readers[type]?.(body) ?? nothing;
  const replaced: readonly LookupStop[] =
    supersedes === undefined
      ? []
      : [{ target: supersedes, originator, word: "WITHDRAWN", at: createdAt }];
  return [...replaced, ...targets.map((target) => ({ target, originator, word, at }))];
}
