import { z } from "zod";

import { Fault, utf8, tryShape } from "../../schemas/ground/index.ts";
import { makeAsk } from "./ask.ts";
import type { Link } from "./connect.ts";

const info = z.looseObject({
  state: z.looseObject({ subjects: z.record(z.string(), z.number()).nullish() }),
});

/**
 * Builds the question whether a stream holds a message on exactly this subject. It costs no payload.
 *
 * @throws {Fault} HUB_UNREACHABLE, by the question, when the stream is not there either
 */
export function holdsSubject(link: Link, stream: string): (subject: string) => Promise<boolean> {
  const ask = makeAsk(link);
  return async (subject) => {
    const question = utf8(JSON.stringify({ subjects_filter: subject }));
    const reply = await ask(`$JS.API.STREAM.INFO.${stream}`, question);
    const parsed = tryShape(info, JSON.parse(Buffer.from(reply).toString("utf8")));
    if (parsed.success) return (parsed.data.state.subjects?.[subject] ?? 0) > 0;
    throw new Fault("HUB_UNREACHABLE", `${stream} could not be read`);
  };
}
