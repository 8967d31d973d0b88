import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import {
  codeList,
  codeListNames,
  isKnownType,
  labelOf,
  type MessageType,
} from "../../schemas/index.ts";
import { exampleOf } from "../../schemas/examples/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { parseLang } from "./negotiate.ts";

const schemas = join(import.meta.dirname, "../../schemas");

/** The message type in the path. @throws {Fault} NOT_FOUND */
export function typeOf({ params }: Call): MessageType {
  const type = params["type"] ?? "";
  // only names of the list reach the file system
  if (isKnownType(type)) return type;
  throw new Fault("NOT_FOUND", "no message type has this name");
}

function renderFile(path: string, type: string): Response {
  return new Response(readFileSync(join(schemas, path), "utf8"), {
    headers: { "content-type": type },
  });
}

/** One good message of a type, to start from. All persons in it are fictional. */
export function getExample(_desk: Desk, call: Call): Response {
  return renderAnswer(exampleOf(typeOf(call)));
}

/** What travels over NATS, in AsyncAPI. */
export function getAsyncApi(): Response {
  return renderFile("reference/asyncapi.json", "application/json");
}

/** The names of all code lists with their editions. */
export function getCodeLists(): Response {
  const items = codeListNames.map((name) => {
    const { version = 1, source = "", digest = "", codes = [] } = codeList(name) ?? {};
    return {
      list: name,
      version,
      source,
      digest,
      count: codes.length,
      href: `/v1/codelists/${name}`,
    };
  });
  return renderAnswer({ items });
}

/** One code list, each code with its label in the language that is asked for. */
export function getCodeList(_desk: Desk, { params, url }: Call): Response {
  const found = codeList(params["list"] ?? "");
  if (found === undefined) throw new Fault("NOT_FOUND", "no code list has this name");
  const lang = parseLang(url.searchParams.get("lang"));
  const { list, version, source, digest, codes } = found;
  const items = codes.map((code) => ({ code, label: labelOf(list, code, lang) }));
  return renderAnswer({ list, version, source, digest, lang, codes: items });
}

function protoNames(): readonly string[] {
  return readdirSync(join(schemas, "proto"))
    .filter((name) => name.endsWith(".proto"))
    .toSorted();
}

/** The names of the protobuf sources. */
export function getProtos(): Response {
  return renderAnswer({
    items: protoNames().map((name) => ({ name, href: `/v1/protos/${name}` })),
  });
}

/** One protobuf source. */
export function getProto(_desk: Desk, { params }: Call): Response {
  const name = params["name"] ?? "";
  if (!protoNames().includes(name))
    throw new Fault("NOT_FOUND", "no protobuf source has this name");
  return renderFile(`proto/${name}`, "text/plain; charset=utf-8");
}
