import type { Dialect } from "./dialect.ts";
import type { XmlElement } from "./element.ts";
import type { Json } from "./values.ts";

/** Something the reader of the result should know. */
export interface GoamlWarning {
  readonly path: string;
  readonly line: number;
  /** VALUE_NOT_READ: kept among the details as it was written. CODE_NOT_MAPPED: the local code travels alone. */
  readonly code: "VALUE_NOT_READ" | "CODE_NOT_MAPPED" | "SUSPECTS_NOT_MARKED";
}

/** Those who are named by ref, because accounts, organisations and persons name them. */
interface Connected {
  readonly persons: Json[];
  readonly organisations: Json[];
}

/** One file while it is read. What no field took is still there at the end, and is told. */
export interface Reading {
  readonly dialect: Dialect;
  readonly lang: string;
  readonly localCurrency: string;
  readonly connected: Connected;
  readonly warnings: GoamlWarning[];
  /** Elements whose text stands in a field of the body. */
  readonly taken: Set<XmlElement>;
  /** Local codes that were warned of already. */
  readonly unmapped: Set<string>;
}
