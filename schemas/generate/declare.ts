import protobuf from "protobufjs";

import type { FieldDescriptor, FieldKind, MessageDescriptor, Place } from "../codec/index.ts";
import { Fault } from "../ground/index.ts";

/** The messages one `.proto` file declares, in its order. */
export interface ProtoFile {
  /** The file's name without its ending. */
  readonly name: string;
  readonly messages: readonly MessageDescriptor[];
}

const kinds: Record<string, FieldKind> = {
  string: "string",
  bytes: "bytes",
  bool: "bool",
  uint32: "uint32",
  sint32: "sint32",
  double: "double",
  Time: "time",
};

function camel(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** An option by its name; in full where a field of the same name stands in its way. */
function pick(options: Record<string, unknown>, key: string): unknown {
  return options[`(${key})`] ?? options[`(atumpan.${key})`];
}

function pickText(options: Record<string, unknown>, key: string): string | undefined {
  const value = pick(options, key);
  return typeof value === "string" ? value : undefined;
}

function pickNumber(options: Record<string, unknown>, key: string): number | undefined {
  const value = pick(options, key);
  return typeof value === "number" ? value : undefined;
}

/** Those members that have a value, so that a descriptor says only what its field says. */
function present<T>(members: { readonly [key: string]: T | undefined }): Record<string, T> {
  return Object.fromEntries(
    Object.entries(members).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

function splitWords(text: string | undefined): readonly string[] | undefined {
  return text?.split(" ").filter((word) => word !== "");
}

function declareField(field: protobuf.Field, file: string): FieldDescriptor {
  const options: Record<string, unknown> = field.options ?? {};
  const where = `${file}.proto: ${field.parent?.name ?? ""}.${field.name}`;
  const kind = kinds[field.type] ?? "message";
  if (/64|fixed|float|^int32$/.test(field.type)) {
    throw new Fault("SCHEMA_INVALID", `${where}: ${field.type} is not used here`);
  }
  if (!field.repeated && options["proto3_optional"] !== true) {
    throw new Fault("SCHEMA_INVALID", `${where}: write "optional", so that absent is not zero`);
  }
  return {
    number: field.id,
    name: camel(field.name),
    kind,
    ...(kind === "message" ? { message: field.type } : {}),
    repeated: field.repeated,
    required: pick(options, "required") === true,
    ...(pick(options, "nominal") === true ? { nominal: true } : {}),
    ...present({
      code: pickText(options, "code"),
      format: pickText(options, "format"),
    }),
    ...present({
      min: pickNumber(options, "min"),
      max: pickNumber(options, "max"),
      atLeast: pickNumber(options, "at_least"),
      atMost: pickNumber(options, "at_most"),
    }),
    ...present({
      unit: pickText(options, "unit"),
      personal: pickText(options, "personal"),
      htcds: pickText(options, "htcds"),
    }),
    ...(pick(options, "secret") === true ? { secret: true } : {}),
    ...(pick(options, "see_also") === true ? { seeAlso: true } : {}),
    ...present({ copies: splitWords(pickText(options, "copies")) }),
  };
}

function declareBody(options: Record<string, unknown>): Pick<MessageDescriptor, "body"> {
  const text = (key: string): string => pickText(options, key) ?? "";
  if (text("type") === "") return {};
  return {
    body: {
      type: text("type"),
      form: text("form"),
      scope: text("scope"),
      urgency: text("urgency"),
      retentionDays: pickNumber(options, "retention_days") ?? 0,
      signers: splitWords(text("signers")) ?? [],
      personalData: text("personal_data"),
      closedBy: splitWords(text("closed_by")) ?? [],
      feedbackDays: pickNumber(options, "feedback_days") ?? 0,
      keep: pickText(options, "keep") ?? "FROM_SENDING",
      ...(pick(options, "goes_on") === true ? { goesOn: true } : {}),
    },
  };
}

/** A body's fields travel in the body; a header says which it is; any other message is inside one of them. */
function declarePlace(options: Record<string, unknown>): Place {
  if (pickText(options, "type") !== undefined) return "BODY";
  const place = pickText(options, "place");
  return place === "OUTER" || place === "INNER" ? place : "INSIDE";
}

/**
 * Reads one `.proto` source into descriptors.
 *
 * @throws {Fault} SCHEMA_INVALID when it uses what we do not: 64-bit and fixed integers, floats, enums,
 * implicit presence
 */
export function declareFile(name: string, source: string): ProtoFile {
  const { root } = protobuf.parse(source, { keepCase: true });
  const space = root.lookup("atumpan");
  if (!(space instanceof protobuf.Namespace)) return { name, messages: [] };
  const messages = space.nestedArray
    .filter((entry) => entry instanceof protobuf.Type)
    .filter((type) => type.name !== "Time")
    .map((type) => ({
      name: type.name,
      fields: type.fieldsArray
        .map((field) => declareField(field, name))
        .toSorted((a, b) => a.number - b.number),
      place: declarePlace(type.options ?? {}),
      ...declareBody(type.options ?? {}),
    }));
  return { name, messages };
}
