/** One event of the gateway, as the server-sent events of the HTML standard write it. */
export interface GatewayEvent {
  /** Where a stream that breaks goes on from. */
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** Longer than any event of a gateway: a stream that never ends a line is let go. */
const maxLineLength = 1_000_000;

/** The lines of a stream; what is left without an end when it breaks off is no line. */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const piece of body) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > maxLineLength) throw new Error("a line of the stream has no end");
    for (const line of lines) yield line.endsWith("\r") ? line.slice(0, -1) : line;
  }
}

function memberOf(line: string): readonly [name: string, value: string] {
  const at = line.indexOf(":");
  if (at < 0) return [line, ""];
  const value = line.slice(at + 1);
  return [line.slice(0, at), value.startsWith(" ") ? value.slice(1) : value];
}

/** The events of a stream, until it ends. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<GatewayEvent> {
  let [id, event, data]: [string | undefined, string, string[]] = [undefined, "message", []];
  for await (const line of linesOf(body)) {
    if (line === "") {
      if (data.length > 0) yield { id, event, data: data.join("\n") };
      [event, data] = ["message", []];
      continue;
    }
    const [name, value] = memberOf(line);
    if (name === "data") data.push(value);
    if (name === "event") event = value;
    if (name === "id") id = value;
  }
}
