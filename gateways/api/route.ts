import type { z } from "zod";

import type { AuditAct } from "../audit/index.ts";
import type { Role } from "../people/index.ts";
import type { Handler } from "./call.ts";

/** One answer of a route, as the API's description tells it. */
export interface AnswerShape {
  readonly says: string;
  /** Of JSON answers; those of other types have none. */
  readonly shape?: z.ZodType;
  /** application/json unless said; several where the caller may choose. */
  readonly types?: readonly string[];
  /** Headers of its own, and what each says. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a route takes in its body. */
export interface BodyShape {
  readonly shape?: z.ZodType;
  /** application/json unless said. */
  readonly type?: string;
}

/** One line of what the gateway answers; the description at /openapi.json is made of these. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD";
  /** Pieces that begin with a colon are parameters. */
  readonly path: string;
  readonly summary: string;
  /** Whether it is answered to whoever asks, unproved. */
  readonly open?: true;
  /** The roles that may ask; any one of them. Of open ones none. */
  readonly for: readonly Role[];
  /** Whether it is answered while the store is locked; and then it is nobody's work that keeps the store open. */
  readonly whileLocked?: true;
  /** Whether programs ask it again and again by themselves: then it is nobody's work that keeps the store open. */
  readonly isWaiting?: true;
  /** Whether a person must have proved to be there within the last minutes. */
  readonly stepUp?: true;
  /** What the audit record calls it; left out of what shows and changes nobody's data. */
  readonly act?: AuditAct;
  /** Whether it shows content: then whoever asks says what for. */
  readonly reads?: "content";
  /** Whether content is read for the inspection that its path names: then no other purpose is asked for. */
  readonly isInspection?: true;
  /** Whether its answer bears a tag by which a caller may ask whether he holds it already (RFC 9110 §8.8.3). */
  readonly tagged?: true;
  /** Whether its answer may be packed; never where one's secrets and another's words stand together. */
  readonly packed?: true;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: BodyShape;
  /** By status, the successes; problems are not told here, every route has them. */
  readonly answers: Readonly<Record<number, AnswerShape>>;
  readonly handle: Handler;
}
