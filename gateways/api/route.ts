import type { z } from "zod";

import type { Role } from "../people/index.ts";
import type { Handler } from "./call.ts";

/** One answer of a route, as the API's description tells it. */
export interface AnswerShape {
  readonly says: string;
  /** Of JSON answers; those of other types have none. */
  readonly shape?: z.ZodType;
  /** application/json unless said; several where the caller may choose. */
  readonly types?: readonly string[];
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
  /** Whether a person must have proved to be there within the last minutes. */
  readonly stepUp?: true;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: BodyShape;
  /** By status; problems are not told here, every route has them. */
  readonly answers?: Readonly<Record<number, AnswerShape>>;
  readonly handle: Handler;
}
