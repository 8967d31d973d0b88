import type { FieldDescriptor, MessageDescriptor } from "../codec/index.ts";
import type { ProtoFile } from "./declare.ts";

const typeOf = {
  string: "string",
  bytes: "Bytes",
  bool: "boolean",
  uint32: "number",
  sint32: "number",
  double: "number",
  time: "EpochMs",
} as const;

const wireOf = {
  string: "bytes",
  bytes: "bytes",
  bool: "varint",
  uint32: "varint",
  sint32: "varint",
  double: "fixed64",
  time: "bytes",
  message: "bytes",
} as const;

const wireNumber = { varint: 0, fixed64: 1, bytes: 2 } as const;

/** Names that generated readers use themselves, or the language does. */
const taken = new Set(
  (
    "r end depth tag arguments await break case catch class const continue debugger default delete do else enum eval export " +
    "extends false finally for function if implements import in instanceof interface let new null package private " +
    "protected public return static super switch this throw true try typeof undefined var void while with yield"
  ).split(" "),
);

/** The local variable that holds a field while it is read. */
function variable({ name }: FieldDescriptor): string {
  return taken.has(name) ? `${name}Value` : name;
}

function tsType(field: FieldDescriptor): string {
  return field.kind === "message" ? (field.message ?? "") : typeOf[field.kind];
}

function member(field: FieldDescriptor): string {
  const type = tsType(field);
  if (field.repeated) return `  readonly ${field.name}: readonly ${type}[];`;
  return `  readonly ${field.name}${field.required ? "" : "?"}: ${type}${field.required ? "" : " | undefined"};`;
}

function tagOf(field: FieldDescriptor): number {
  return field.number * 8 + wireNumber[wireOf[field.kind]];
}

function writeOne(field: FieldDescriptor, value: string): string {
  const tag = tagOf(field);
  if (field.kind === "message")
    return `writeNested(w.uint32(${tag}), ${value}, write${field.message ?? ""});`;
  if (field.kind === "time") return `writeTime(w, ${tag}, ${value});`;
  return `w.uint32(${tag}).${field.kind}(${value});`;
}

function writeLine(field: FieldDescriptor): string {
  const value = `m.${field.name}`;
  if (field.repeated) return `  for (const item of ${value}) ${writeOne(field, "item")}`;
  if (field.required) return `  ${writeOne(field, value)}`;
  return `  if (${value} !== undefined) ${writeOne(field, value)}`;
}

function readOne(field: FieldDescriptor): string {
  if (field.kind === "message")
    return `read${field.message ?? ""}(r, enter(r, end, depth), depth + 1)`;
  if (field.kind === "time") return "readTime(r, end, depth)";
  if (field.kind === "string") return "readText(r)";
  return `r.${field.kind}()`;
}

function readCase(field: FieldDescriptor, owner: string): string {
  const where = `"${owner}.${field.name}"`;
  const wire = `expectWire(tag, "${wireOf[field.kind]}", ${where});`;
  if (field.repeated && field.kind === "uint32") {
    return `      case ${field.number}:\n        readNumbers(r, tag, ${variable(field)});\n        break;`;
  }
  const body = field.repeated
    ? `${variable(field)}.push(${readOne(field)});`
    : `expectOnce(${variable(field)}, ${where});\n        ${variable(field)} = ${readOne(field)};`;
  return `      case ${field.number}:\n        ${wire}\n        ${body}\n        break;`;
}

function holder(field: FieldDescriptor): string {
  return field.repeated
    ? `  const ${variable(field)}: ${tsType(field)}[] = [];`
    : `  let ${variable(field)}: ${tsType(field)} | undefined;`;
}

function usesDepth(fields: readonly FieldDescriptor[]): boolean {
  return fields.some(({ kind }) => kind === "message" || kind === "time");
}

function renderMessage(message: MessageDescriptor): string {
  const { name, fields } = message;
  const result = fields.map((field) =>
    field.required && !field.repeated
      ? `    ${field.name}: need(${variable(field)}, "${name}.${field.name}"),`
      : `    ${field.name}: ${variable(field)},`,
  );
  return [
    `export interface ${name} {`,
    ...fields.map(member),
    "}",
    "",
    `export function write${name}(w: Writer, m: ${name}): void {`,
    ...fields.map(writeLine),
    "}",
    "",
    `export function read${name}(r: Reader, end: number, ${usesDepth(fields) ? "depth" : "_depth"}: number): ${name} {`,
    ...fields.map(holder),
    "  while (r.pos < end) {",
    "    const tag = r.uint32();",
    "    switch (tag >>> 3) {",
    ...fields.map((field) => readCase(field, name)),
    "      default:",
    "        skipField(r, tag);",
    "    }",
    "  }",
    "  expectEnd(r, end);",
    "  return {",
    ...result,
    "  };",
    "}",
    "",
    `export const encode${name} = (m: ${name}): Bytes => encode(m, write${name});`,
    `export const decode${name} = (bytes: Bytes): ${name} => decode(bytes, read${name});`,
  ].join("\n");
}

/** The import of those of `names` that `code` uses; none when it uses none. */
export function renderImport(
  names: readonly string[],
  from: string,
  code: string,
): readonly string[] {
  const used = names.filter((name) => new RegExp(`\\b${name.replace("type ", "")}\\b`).test(code));
  return used.length === 0 ? [] : [`import { ${used.join(", ")} } from "${from}";`];
}

/** The TypeScript types and straight-line codecs of one `.proto` file. */
export function renderCodec(file: ProtoFile, all: readonly ProtoFile[]): string {
  const code = file.messages.map(renderMessage).join("\n\n");
  const siblings = all
    .filter((other) => other !== file)
    .flatMap((other) => {
      const names = other.messages.flatMap(({ name }) => [
        `type ${name}`,
        `read${name}`,
        `write${name}`,
      ]);
      return renderImport(names, `./${other.name}.ts`, code);
    });
  return [
    "// Generated by `npm run gen` from schemas/proto. Never edited.",
    ...renderImport(
      ["type Reader", "type Writer", "decode", "encode", "enter", "expectEnd", "expectOnce", "expectWire", "need",
        "readNumbers", "readText", "readTime", "skipField", "writeNested", "writeTime"], // prettier-ignore
      "../codec/index.ts",
      code,
    ),
    ...renderImport(["type Bytes", "type EpochMs"], "../ground/index.ts", code),
    ...siblings,
    "",
    code,
    "",
  ].join("\n");
}

/** Every message's descriptor, as data. */
export function renderDescriptors(files: readonly ProtoFile[]): string {
  const entries = files
    .flatMap((file) => file.messages)
    .map((message) => `  ${message.name}: ${JSON.stringify(message)},`);
  return [
    "// Generated by `npm run gen` from schemas/proto. Never edited.",
    'import type { MessageDescriptor } from "../codec/index.ts";',
    "",
    "export const descriptors: Readonly<Record<string, MessageDescriptor>> = {",
    ...entries,
    "};",
    "",
  ].join("\n");
}

/** For each message type, its codec and the name of its message. */
export function renderBodies(files: readonly ProtoFile[]): string {
  const bodies = files.flatMap((file) =>
    file.messages.flatMap((message) =>
      message.body === undefined
        ? []
        : [{ file: file.name, name: message.name, type: message.body.type }],
    ),
  );
  const imports = [...new Set(bodies.map(({ file }) => file))].map((file) => {
    const names = bodies
      .filter((body) => body.file === file)
      .flatMap(({ name }) => [`type ${name}`, `decode${name}`, `encode${name}`]);
    return `import { ${names.join(", ")} } from "./${file}.ts";`;
  });
  return [
    "// Generated by `npm run gen` from schemas/proto. Never edited.",
    'import type { Bytes } from "../ground/index.ts";',
    ...imports,
    "",
    "/** The body of each message type. */",
    "export interface Bodies {",
    ...bodies.map(({ name, type }) => `  readonly "${type}": ${name};`),
    "}",
    "",
    "export const bodyCodecs: {",
    "  readonly [T in keyof Bodies]: {",
    "    readonly message: string;",
    "    readonly encode: (body: Bodies[T]) => Bytes;",
    "    readonly decode: (bytes: Bytes) => Bodies[T];",
    "  };",
    "} = {",
    ...bodies.map(
      ({ name, type }) =>
        `  "${type}": { message: "${name}", encode: encode${name}, decode: decode${name} },`,
    ),
    "};",
    "",
  ].join("\n");
}
