import { type MessageType, messageTypes, typeOptions } from "../body/index.ts";
import { typeLabel } from "../codes/index.ts";

type Json = { readonly [key: string]: unknown };

const rec = { description: "Regional Economic Community, such as ecowas." };
const crime = { description: "Crime of the list CRIME, such as drugs." };
const handling = { description: "Handling code in lower case.", enum: ["h0", "h1", "h2", "h3"] };
const mailbox = {
  description: "Opaque mailbox name of an agency for one period, 26 characters of base32.",
};
const authority = { description: "State or community, such as gh." };
const agency = { description: "Agency of the authority, such as fiu." };

const binary = { contentType: "application/x-protobuf" };

function familyOf(type: MessageType): readonly [string, string] {
  const [family = "", name = ""] = type.split(".");
  return [family, name];
}

function feedChannel(type: MessageType): Json {
  const [family, name] = familyOf(type);
  return {
    address: `out.msg.{rec}.{crime}.{handling}.${family}.${name}`,
    description: `Publications of type ${type}: ${typeLabel(type, "en")}.`,
    parameters: { rec, crime, handling },
    messages: { publication: { $ref: "#/components/messages/publication" } },
    "x-body-schema": `urn:atumpan:schema:${type}`,
  };
}

const fixedChannels: Json = {
  direct: {
    address: "out.direct.{mailbox}",
    description: "Publications for one mailbox; the type stands inside the seal.",
    parameters: { mailbox },
    messages: { publication: { $ref: "#/components/messages/publication" } },
    "x-body-schemas": messageTypes
      .filter((type) => typeOptions(type)?.scope === "DIRECT")
      .map((type) => `urn:atumpan:schema:${type}`),
  },
  receipts: {
    address: "out.receipt.{authority}.{agency}",
    description: "A signed receipt for the sender named.",
    parameters: { authority, agency },
    messages: { receipt: { $ref: "#/components/messages/receipt" } },
  },
  heads: {
    address: "out.heads",
    description: "Asks the hub where its streams stand.",
    messages: { question: { $ref: "#/components/messages/question" } },
  },
  register: {
    address: "out.register.{part}",
    description: "Asks the hub for a piece of the register.",
    parameters: { part: { description: "snapshot, region, or an authority." } },
    messages: { question: { $ref: "#/components/messages/question" } },
  },
  blobs: {
    address: "out.blob.{act}",
    description:
      "Encrypted chunks of files (blob.proto): put takes the chunk itself, held a BlobList, get a BlobRange; a BlobAnswer comes back.",
    parameters: { act: { description: "put, held or get." } },
    messages: { blob: { $ref: "#/components/messages/blob" } },
  },
  next: {
    address: "$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}",
    description:
      "Pulls what the hub holds for an agency: the hub made one durable consumer for it on each stream.",
    parameters: {
      stream: { description: "FEED_<REC>, DIRECT or RECEIPTS." },
      consumer: { description: "The agency's name with an underscore, such as gh_fiu." },
    },
    messages: { publication: { $ref: "#/components/messages/publication" } },
  },
};

function operation(action: "send" | "receive", channel: string, summary: string): Json {
  return { action, channel: { $ref: `#/channels/${channel}` }, summary };
}

function channelName(type: MessageType): string {
  return `feed_${type.replace(".", "_")}`;
}

/**
 * The NATS side as an AsyncAPI 3.0.0 document, seen from an agency's gateway: one channel for each feed type,
 * and those every agency has.
 */
export function renderAsyncApi(): string {
  const feeds = messageTypes.filter((type) => typeOptions(type)?.scope === "FEED");
  const document = {
    asyncapi: "3.0.0",
    info: {
      title: "Atumpan hub",
      version: "1",
      description:
        "What a gateway publishes and pulls. Payloads are Protocol Buffers (schemas/proto); the JSON Schema of each body " +
        "is schemas/gen/json-schema/<type>.json.",
      license: { name: "Apache-2.0" },
    },
    defaultContentType: "application/x-protobuf",
    servers: {
      hub: {
        host: "hub.example:4222",
        protocol: "nats",
        description:
          "TLS 1.3 first, client certificate of kind link; the address is in the register.",
        security: [{ type: "X509" }],
      },
    },
    channels: {
      ...Object.fromEntries(feeds.map((type) => [channelName(type), feedChannel(type)])),
      ...fixedChannels,
    },
    operations: {
      ...Object.fromEntries(
        feeds.map((type) => [
          `publish_${channelName(type)}`,
          operation("send", channelName(type), `Publish ${type}.`),
        ]),
      ),
      publish_direct: operation("send", "direct", "Publish to one mailbox."),
      send_receipt: operation("send", "receipts", "Tell a sender what became of a message."),
      ask_heads: operation("send", "heads", "Ask where the streams stand."),
      ask_register: operation("send", "register", "Ask for a piece of the register."),
      ask_blobs: operation("send", "blobs", "Put a chunk, ask which are held, or fetch a run."),
      pull: operation("receive", "next", "Pull the next publications."),
    },
    components: {
      messages: {
        publication: {
          ...binary,
          title: "Publication",
          summary: "A slip and a signed message (envelope.proto).",
        },
        receipt: { ...binary, title: "Receipt", summary: "A signed receipt (receipt.proto)." },
        blob: {
          contentType: "application/octet-stream",
          title: "Chunk or question about chunks",
          summary: "Bytes named by their SHA-256, or a question (blob.proto).",
        },
        question: {
          ...binary,
          title: "Question",
          summary: "An empty request; the answer comes to its reply subject.",
        },
      },
    },
  };
  return `${JSON.stringify(document, undefined, 1)}\n`;
}
