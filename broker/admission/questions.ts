import {
  encodeRegister,
  encodeSignedPart,
  type Head,
  intakeQuestionSubjects,
  parseIntakeSubject,
  type Register,
} from "../../schemas/index.ts";
import { type Bytes, Fault, type Log, toFault } from "../../schemas/ground/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import { type JetStream, type Link, isLinking, type Msg } from "../nats/index.ts";
import type { Quota } from "./quota.ts";
import type { Receipts } from "./receipts.ts";

/** The register of the moment: as it is decided by, and as it is handed on. */
export interface RegisterInHand {
  readonly view: RegisterView;
  readonly register: Register;
}

/** What answers the questions of agencies. */
export interface QuestionOptions {
  readonly link: Link;
  readonly jetStream: JetStream;
  readonly receipts: Receipts;
  readonly quota: Quota;
  readonly log: Log;
  /** Streams whose heads agencies may compare, with their instances. */
  readonly streams: () => readonly string[];
  readonly inHand: () => RegisterInHand | undefined;
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
    state === undefined || state.instance === ""
      ? []
      : [{ stream, instance: state.instance, lastSequence: state.lastSequence }],
  );
}

/** The snapshot without parts for "snapshot", else the part of that name. @throws {Fault} NOT_FOUND */
export function registerAnswer({ register }: RegisterInHand, part: string): Bytes {
  if (part === "snapshot") return encodeRegister({ ...register, parts: [] });
  const found = register.parts.find(({ name }) => name === part);
  if (found === undefined) throw new Fault("NOT_FOUND", "the register has no such part");
  return encodeSignedPart(found);
}

/**
 * Starts to answer where the streams stand and what the register holds. The account the question came from
 * is the asker; one that may not ask gets no answer.
 */
export function startQuestions(options: QuestionOptions): Questions {
  const { link, jetStream, receipts, quota, log, streams, inHand } = options;

  const answer = async (message: Msg): Promise<Bytes> => {
    const { origin, kind, target } = parseIntakeSubject(message.subject);
    const held = inHand();
    if (held === undefined || !isLinking(held.view, origin) || !quota.take(origin)) {
      throw new Fault("QUOTA_EXCEEDED", "no answer for this asker now");
    }
    if (kind === "register") return registerAnswer(held, target);
    return receipts.heads(origin, await readHeads(jetStream, streams()));
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
