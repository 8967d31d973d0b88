import {
  type Admission,
  type AdmissionQuestion,
  decodeRegisterQuestion,
  encodeLogAnswer,
  type Erasures,
  type Head,
  intakeQuestionSubjects,
  type IntakeSubject,
  limits,
  parseAdmissionQuestion,
  parseIntakeSubject,
  registerOfferPart,
  streamOf,
} from "../../schemas/index.ts";
import {
  type Bytes,
  type Clock,
  Fault,
  type Log,
  sameBytes,
  toFault,
} from "../../schemas/ground/index.ts";
import type { RegisterView, RepositoryFiles } from "../../certs/trust/index.ts";
import { type JetStream, type Link, isLinking, type Msg } from "../nats/index.ts";
import type { Known } from "./known.ts";
import type { Quota } from "./quota.ts";
import { makePlaces } from "./places.ts";
import type { Receipts } from "./receipts.ts";

/** The register of the moment: as it is decided by, and as it is handed on. */
export interface RegisterInHand {
  readonly view: RegisterView;
  readonly files: RepositoryFiles;
}

/** What answers the questions of agencies. */
export interface QuestionOptions {
  readonly link: Link;
  readonly jetStream: JetStream;
  readonly receipts: Receipts;
  readonly quota: Quota;
  readonly clock: Clock;
  readonly log: Log;
  /** Streams whose heads agencies may compare, with their instances. */
  readonly streams: () => readonly string[];
  readonly inHand: () => RegisterInHand | undefined;
  /** Takes out of the streams what an agency says of its own messages, and says whose word that was. @throws {Fault} when it may not */
  readonly erase: (origin: string, order: Bytes) => Promise<{ readonly issuer: string; readonly erasures: Erasures }>; // prettier-ignore
  /** Takes in a piece of a newer register than the hub holds, where it takes any. @throws {Fault} CODEC_MALFORMED, SCHEMA_INVALID */
  readonly takeRegister?: ((origin: string, piece: Bytes) => Bytes) | undefined;
  /** What was admitted, and the streams that stand, with their instances. */
  readonly held: Holdings;
  /** Answers what is asked of the hub's log, where it has one, and who asks; never throws. */
  readonly askLog?: ((act: string, question: Bytes, origin: string) => Bytes) | undefined;
}

/** What the hub holds, as far as a question about one message asks. */
export interface Holdings {
  readonly known: Pick<Known, "find">;
  readonly instances: ReadonlyMap<string, string>;
}

/** Running answers. */
export interface Questions {
  stop(): void;
}

/** Asked anew each time: a head told late must not be behind a place told early. */
async function readHeads(
  jetStream: JetStream,
  streams: readonly string[],
): Promise<readonly Head[]> {
  const found = await Promise.all(
    streams.map(async (stream) => ({ stream, state: await jetStream.stream(stream) })),
  );
  return found.flatMap(({ stream, state }) =>
    // who compares with what a leader of yesterday says would send again what is not lost
    state === undefined || state.instance === "" || state.isDoubtful === true
      ? []
      : [{ stream, instance: state.instance, lastSequence: state.lastSequence }],
  );
}

const nothing = new Uint8Array();
const noLog = encodeLogAnswer({ refused: "LOG_ENTRY_MISSING", hashes: [], leaves: [] });

/**
 * A piece of a file of the register, from the octet on that was asked for; nothing when there is no such file,
 * because a reader has to ask whether there is another root.
 *
 * @throws {Fault} CODEC_MALFORMED
 */
export function registerAnswer({ files }: RegisterInHand, question: Bytes): Bytes {
  const { path, offset } = decodeRegisterQuestion(question);
  const content = files.get(path) ?? nothing;
  return content.subarray(offset, offset + limits.registerPieceBytes);
}

/**
 * When the hub took a message into a channel, if it holds it there. Whoever does not name the digest of its envelope
 * learns nothing: only who holds a message may ask about it.
 */
export function findAdmission(
  { known, instances }: Holdings,
  question: AdmissionQuestion,
): Admission | undefined {
  const { originator, messageId, envelopeDigest, channel } = question;
  const found = known.find({ originator, id: messageId });
  if (found === undefined || !sameBytes(found.digest, envelopeDigest)) return undefined;
  const place = found.places.get(channel);
  if (place === undefined || place === "storing" || place.admittedAt === undefined) {
    return undefined;
  }
  if (place.instance !== instances.get(streamOf(channel))) return undefined;
  return { ...question, admittedAt: place.admittedAt };
}

/**
 * Starts to answer where the streams stand and what the register holds. The account the question came from
 * is the asker; one that may not ask gets no answer.
 */
export function startQuestions(options: QuestionOptions): Questions {
  const { link, jetStream, receipts, quota, log, streams, inHand } = options;
  const places = makePlaces(jetStream, options.clock);

  /** A piece of the register that the hub holds, or its word on one that it is brought. */
  const answerRegister = (held: RegisterInHand, { origin, target }: Pick<IntakeSubject, "origin" | "target">, question: Bytes): Bytes => {
    const { takeRegister } = options;
    const isOffer = target === registerOfferPart && takeRegister !== undefined;
    return isOffer ? takeRegister(origin, question) : registerAnswer(held, question);
  }; // prettier-ignore

  const answer = async (message: Msg): Promise<Bytes> => {
    const { origin, kind, target } = parseIntakeSubject(message.subject);
    const held = inHand();
    if (held === undefined || !isLinking(held.view, origin) || !quota.take(origin)) {
      throw new Fault("QUOTA_EXCEEDED", "no answer for this asker now");
    }
    if (kind === "register") return answerRegister(held, { origin, target }, message.data);
    if (kind === "log") return options.askLog?.(target, message.data, origin) ?? noLog;
    if (kind === "admitted") {
      const question = parseAdmissionQuestion(message.data);
      return receipts.admission(origin, findAdmission(options.held, question));
    }
    if (kind === "erase") {
      const { issuer, erasures } = await options.erase(origin, message.data);
      return receipts.erasures(issuer, erasures);
    }
    const heads = await readHeads(jetStream, streams());
    if (kind === "places") {
      return receipts.heads(origin, await places.answer(origin, message.data, heads));
    }
    return receipts.heads(origin, heads);
  };

  const respond = async (message: Msg): Promise<void> => {
    try {
      message.respond(await answer(message));
    } catch (error) {
      log.warn("a question was not answered", { code: toFault(error, "INTERNAL").code });
    }
  };

  const subscriptions = intakeQuestionSubjects.map((subject) =>
    link.subscribe(subject, {
      callback: (error, message) => {
        if (error !== null) return;
        void respond(message);
      },
    }),
  );
  return {
    stop: () => {
      if (link.isClosed()) return;
      for (const subscription of subscriptions) subscription.unsubscribe();
    },
  };
}
