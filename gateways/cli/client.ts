import { z } from "zod";

import {
  type Clock,
  Fault,
  type FaultCode,
  isFaultCode,
  type Violation,
  tryShape,
} from "../../schemas/ground/index.ts";

/** How one gateway is asked. */
export interface ClientOptions {
  readonly url: string;
  /** Asked for when it is first needed. */
  readonly token: () => string | Promise<string>;
  /** Said with every request, when there is one: what content is read for. */
  readonly purpose?: string | undefined;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Aborted when the person wants to stop. */
  readonly signal: AbortSignal;
}

/** One question. */
export interface Question {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer> | Blob;
  /** In place of the usual, for what takes long to send. */
  readonly timeoutMs?: number;
}

/** Asks one gateway. Answers that are no success become Faults with the gateway's own code. */
export interface Client {
  readonly url: string;
  /** @throws {Fault} GATEWAY_UNREACHABLE, GATEWAY_TIMEOUT, and what the gateway says */
  ask(question: Question): Promise<Response>;
  /** The JSON of an answer, in the shape expected. */
  askFor<T>(shape: z.ZodType<T>, question: Question): Promise<T>;
}

const problemShape = z.looseObject({
  code: z.string(),
  title: z.string().default(""),
  detail: z.string().optional(),
  errors: z
    .array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() }))
    .default([]),
});

/** A code this edition does not know is shown in the detail, under the nearest code it knows. */
function knownCode(code: string, status: number): FaultCode {
  if (isFaultCode(code)) return code;
  return status >= 400 && status < 500 ? "REQUEST_INVALID" : "INTERNAL";
}

async function readProblem(response: Response): Promise<Fault> {
  const text = await response.text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // what is no JSON is not one of our gateways; its text is nothing to show
    return new Fault(
      "GATEWAY_UNREACHABLE",
      `what answers there is no gateway (${response.status})`,
    );
  }
  const problem = tryShape(problemShape, value);
  if (!problem.success) {
    return new Fault(
      "GATEWAY_UNREACHABLE",
      `what answers there is no gateway (${response.status})`,
    );
  }
  const { code, title, detail = title, errors } = problem.data;
  const known = knownCode(code, response.status);
  const told = errors.map((one): Violation => {
    const own = isFaultCode(one.code) ? one.code : "SCHEMA_INVALID";
    return { path: one.pointer, code: own, message: one.detail };
  });
  const shown = known === code ? detail : `${code}: ${detail}`;
  return new Fault(known, shown, { violations: told });
}

/** The JSON of an answer; undefined when it is none, or breaks off. The engine's error would quote it. */
async function readAnswer(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

/** Builds a client. Connections are kept alive between questions; nothing is asked yet. */
export function makeClient(options: ClientOptions): Client {
  const { url, token, clock, timeoutMs, purpose } = options;
  const said = purpose === undefined ? {} : { "atumpan-purpose": purpose };
  let known: string | undefined;
  const ask = async (question: Question): Promise<Response> => {
    const late = new AbortController();
    const patienceMs = question.timeoutMs ?? timeoutMs;
    const timer = clock.after(patienceMs, () => late.abort());
    const { method = "GET", path, accept = "application/json", headers, body } = question;
    try {
      known ??= await token();
      const response = await options.fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${known}`, accept, ...said, ...headers },
        ...(body === undefined ? {} : { body }),
        redirect: "error",
        signal: AbortSignal.any([late.signal, options.signal]),
      });
      if (response.ok) return response;
      throw await readProblem(response);
    } catch (error) {
      if (error instanceof Fault) throw error;
      if (late.signal.aborted) {
        throw new Fault("GATEWAY_TIMEOUT", `${url} did not answer within ${patienceMs} ms`);
      }
      throw new Fault("GATEWAY_UNREACHABLE", `${url} does not answer`, { cause: error });
    } finally {
      timer.stop();
    }
  };
  return {
    url,
    ask,
    askFor: async (shape, question) => {
      const answer = tryShape(shape, await readAnswer(await ask(question)));
      if (answer.success) return answer.data;
      throw new Fault("GATEWAY_UNREACHABLE", `${url} does not answer as this command expects`);
    },
  };
}
