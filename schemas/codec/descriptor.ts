/** What a field holds, as generated code and descriptors name it. */
export type FieldKind =
  "string" | "bytes" | "bool" | "uint32" | "sint32" | "double" | "time" | "message";

/** One field as its `.proto` declares it. Read by the JSON form, the forms for people and the rules. */
export interface FieldDescriptor {
  readonly number: number;
  /** The name in JSON and in memory. */
  readonly name: string;
  readonly kind: FieldKind;
  /** The message's name when `kind` is "message". */
  readonly message?: string;
  readonly repeated: boolean;
  readonly required: boolean;
  /** Absent is a fault in every edition but the regional one. */
  readonly nominal?: boolean;
  readonly code?: string;
  readonly format?: string;
  readonly min?: number;
  readonly max?: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly unit?: string;
  readonly personal?: string;
  /** On a first-level field of a body: the redacted copies that show it, beside the nominal one. */
  readonly copies?: readonly string[];
  /** Key material: read by programs, never shown to people. */
  readonly secret?: boolean;
  /** Names messages that the message is not about. */
  readonly seeAlso?: boolean;
  /** Its name in the Human Trafficking Case Data Standard 2.0. */
  readonly htcds?: string;
}

/** What the options of a message type say about messages that carry it as their body. */
export interface TypeOptions {
  readonly type: string;
  readonly form: string;
  readonly scope: string;
  readonly urgency: string;
  readonly retentionDays: number;
  /** Agency kinds that may send it; empty is any. */
  readonly signers: readonly string[];
  /** What it may hold about people: a code of PERSONAL_DATA. */
  readonly personalData: string;
  /** The types that close it; none is nothing. */
  readonly closedBy: readonly string[];
  /** Within how many days a result or feedback is due; 0 is never. */
  readonly feedbackDays: number;
  /** What `retentionDays` count from: a code of RETENTION_BASIS. */
  readonly keep: string;
  /** Of a feed: goes on while a state is suspended in a community. */
  readonly goesOn?: boolean;
}

/** Where the fields of a message travel; INSIDE is part of another message. */
export type Place = "OUTER" | "INNER" | "BODY" | "INSIDE";

/** One message as its `.proto` declares it. */
export interface MessageDescriptor {
  readonly name: string;
  readonly fields: readonly FieldDescriptor[];
  readonly place: Place;
  readonly body?: TypeOptions;
}
