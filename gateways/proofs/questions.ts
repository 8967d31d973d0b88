import {
  encodeLogActQuestion,
  encodeLogLeafQuestion,
  encodeLogSizesQuestion,
  type LogAnswer,
  type logActs,
  outLogSubject,
  parseLogAnswer,
} from "../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  type FaultCode,
  isFault,
  isFaultCode,
} from "../../schemas/ground/index.ts";

/** Asks the hub on a subject; undefined when it does not answer. */
export type AskHub = (subject: string, question: Bytes) => Promise<Bytes | undefined>;

/**
 * A place in a stream, or where it is known the index of its leaf; and the size of the log that the proof is to lead to, the
 * newest when left out.
 */
export type EntryAsked = (
  | { readonly stream: string; readonly instance: string; readonly sequence: number }
  | { readonly index: number }
) & { readonly size?: number | undefined };

/** An entry as the hub showed it. Nothing of it is proved yet. */
export interface EntryShown {
  readonly checkpoint: Bytes;
  readonly index: number;
  readonly leaf: Bytes;
  readonly hashes: readonly Bytes[];
}

/** An act as the hub is asked to enter it. */
export interface ActAsked {
  readonly act: string;
  readonly commitment: Bytes;
  readonly sequence: number;
}

/** What a gateway asks about the log of its hub; each throws what kept the hub from answering. */
export interface LogQuestions {
  /** @throws {Fault} HUB_UNREACHABLE, LOG_PROOF_INVALID for no answer that can be read, the code of a refusal */
  entry(asked: EntryAsked): Promise<EntryShown>;
  /** Hashes from one size to a later one. @throws {Fault} likewise */
  growth(from: number, to: number): Promise<readonly Bytes[]>;
  /** The newest checkpoint that enough witnesses cosigned, as the hub says. @throws {Fault} likewise */
  cosigned(): Promise<Bytes>;
  /** Has an act of ours entered: the last number of ours that stands there, and why this one is not taken. @throws {Fault} likewise */
  enterAct(
    asked: ActAsked,
  ): Promise<{ readonly last?: number | undefined; readonly refused?: FaultCode | undefined }>;
}

function readAnswer(bytes: Bytes): LogAnswer {
  try {
    return parseLogAnswer(bytes);
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new Fault("LOG_PROOF_INVALID", "the answer is not well formed", { cause: error });
  }
}

function codeOf(refused: string): FaultCode {
  return isFaultCode(refused) ? refused : "LOG_ENTRY_MISSING";
}

/** Builds what asks. */
export function makeLogQuestions(ask: AskHub): LogQuestions {
  const putAny = async (act: (typeof logActs)[number], question: Bytes): Promise<LogAnswer> => {
    const bytes = await ask(outLogSubject(act), question);
    if (bytes === undefined) throw new Fault("HUB_UNREACHABLE", "no answer about the log");
    return readAnswer(bytes);
  };
  const put = async (act: (typeof logActs)[number], question: Bytes): Promise<LogAnswer> => {
    const answer = await putAny(act, question);
    const { refused } = answer;
    if (refused === undefined) return answer;
    throw new Fault(codeOf(refused), "the hub does not prove it");
  };
  return {
    entry: async (asked) => {
      const { checkpoint, index, leaf, hashes } = await put("prove", encodeLogLeafQuestion(asked));
      if (checkpoint !== undefined && index !== undefined && leaf !== undefined) {
        return { checkpoint, index, leaf, hashes };
      }
      throw new Fault("LOG_PROOF_INVALID", "the answer leaves something out");
    },
    enterAct: async ({ act, commitment, sequence }) => {
      const answer = await putAny("act", encodeLogActQuestion({ act, commitment, sequence }));
      const { last, refused } = answer;
      return { last, refused: refused === undefined ? undefined : codeOf(refused) };
    },
    cosigned: async () => {
      const { checkpoint } = await put("cosigned", new Uint8Array());
      if (checkpoint !== undefined) return checkpoint;
      throw new Fault("LOG_PROOF_INVALID", "the answer leaves something out");
    },
    growth: async (from, to) =>
      (await put("consistency", encodeLogSizesQuestion({ from, to }))).hashes,
  };
}
