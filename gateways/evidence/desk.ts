import {
  type Bytes,
  type Clock,
  Fault,
  type FaultCode,
  isFault,
  parseUuid,
} from "../../schemas/ground/index.ts";
import { collectDocuments, isAboutMessage, renderEvidence } from "../../certs/evidence/index.ts";
import { checkQuorum, parseNote, renderProof } from "../../certs/log/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import type { LogProof, ProvedEntry, Store, StoredMessage } from "../store/index.ts";

/** Of which message, and what of it is given. */
export interface EvidenceAsked {
  readonly id: string;
  /** The encoded Message as it may be given, its parts withheld where they have to be; left out: its digests alone. */
  readonly message?: Bytes | undefined;
}

/** Makes evidence, as the API asks for it. */
export interface EvidenceDesk {
  /**
   * Has the proof of a message lead to a checkpoint that as many witnesses cosigned as the register asks for, where it does
   * not yet. Says why that cannot be now; the proof is as it was then, and evidence of it is given all the same.
   *
   * @throws {Fault} NOT_FOUND, ID_INVALID, LOG_ENTRY_MISSING, as `make`
   */
  proveWitnessed(id: string): Promise<FaultCode | undefined>;
  /** @throws {Fault} NOT_FOUND, ID_INVALID; LOG_ENTRY_MISSING while the message is not proved in the hub's log */
  make(asked: EvidenceAsked): Bytes;
}

/** What it is made of. */
export interface EvidenceDeskParts {
  readonly store: Store;
  readonly register: () => RegisterView;
  readonly clock: Pick<Clock, "now">;
  /** Asks the hub for what witnesses cosigned, and keeps the proof under it; nobody is asked when left out. */
  readonly proveWitnessed?: ((line: LogProof) => Promise<void>) | undefined;
}

interface Proved {
  readonly line: LogProof;
  readonly entry: ProvedEntry;
  readonly checkpoint: Bytes;
}

/**
 * A channel that is proved: of a message in several, each has its own entry and one is enough. One that witnesses stand behind
 * comes before the others.
 */
function findProved(store: Store, { box, digest }: StoredMessage): Proved {
  const proved = store.logProofs.of(box, digest).flatMap((line): readonly Proved[] => {
    const { proved: entry } = line;
    const checkpoint = entry && store.logHeads.note(entry);
    return entry === undefined || checkpoint === undefined ? [] : [{ line, entry, checkpoint }];
  });
  const found = proved.find(({ entry }) => entry.cosignedAt !== undefined) ?? proved[0];
  if (found !== undefined) return found;
  throw new Fault("LOG_ENTRY_MISSING", "the message is not proved in the log yet; ask again later");
}

function findStored(store: Store, id: string): StoredMessage {
  const stored = store.messages.find(parseUuid(id));
  if (stored !== undefined && stored.state !== "QUARANTINED") return stored;
  throw new Fault("NOT_FOUND", "no message here that was proved has this id");
}

function findReceipts(store: Store, { seq }: StoredMessage, { line }: Proved): readonly Bytes[] {
  const { id, digest: envelopeDigest } = line;
  return store.ladder.receipts(seq).filter((raw) => {
    try {
      return isAboutMessage(raw, { id, envelopeDigest });
    } catch (error) {
      if (isFault(error)) return false;
      throw error;
    }
  });
}

/** Builds the desk that makes evidence of what lies in a store. */
export function makeEvidenceDesk(parts: EvidenceDeskParts): EvidenceDesk {
  const { store, register: current, clock, proveWitnessed } = parts;
  return {
    proveWitnessed: async (id) => {
      const { line, checkpoint } = findProved(store, findStored(store, id));
      const policy = current().witnessPolicy(clock.now());
      try {
        if (policy.quorum === undefined || checkQuorum(parseNote(checkpoint), policy).isMet) return undefined;
        if (proveWitnessed === undefined) return "LOG_UNWITNESSED";
        await proveWitnessed(line);
        return undefined;
      } catch (error) {
        if (isFault(error)) return error.code;
        throw error;
      }
    },
    make: ({ id, message }) => {
      const stored = findStored(store, id);
      const proved = findProved(store, stored);
      const { line, entry, checkpoint } = proved;
      const register = current();
      const documents = message === undefined ? undefined : collectDocuments(register, message);
      return renderEvidence({
        subject: { id: line.id, channel: line.channel, envelopeDigest: line.digest, salt: line.salt },
        message,
        certificates: documents?.certificates ?? [],
        crls: documents?.crls ?? [],
        register: { epoch: register.epoch, digest: register.digest },
        leaf: entry.leaf,
        proof: renderProof({ index: entry.index, hashes: entry.hashes, checkpoint }),
        receipts: findReceipts(store, stored, proved),
      });
    },
  };
} // prettier-ignore
