import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { connect, type NatsConnection } from "nats";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makePlaces, type Places } from "../../broker/admission/places.ts";
import { type JetStream, makeJetStream } from "../../broker/nats/index.ts";
import { encodePlacesQuestion, type Head } from "../../schemas/index.ts";
import { systemClock, utf8 } from "../../schemas/ground/index.ts";
import { freePort, type Server, startServer, until } from "../kit/server.ts";

const stream = "DIRECT";
const head: Head = { stream, instance: "one", lastSequence: 0 };

let dir: string;
let server: Server;
let link: NatsConnection;
let jetStream: JetStream;
let places: Places;

/** Is given the next two messages of ng/tcu's; what comes back acknowledges the first. */
async function pullTwo(): Promise<string> {
  const inbox = `_INBOX.${crypto.randomUUID()}`;
  const answers = link.subscribe(inbox, { max: 2 });
  const body = utf8(JSON.stringify({ batch: 2, expires: 60_000_000_000 }));
  link.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.ng_tcu`, body, { reply: inbox });
  const replies: string[] = [];
  for await (const { reply = "" } of answers) replies.push(reply);
  return replies[0] ?? "";
}

async function publish(subject: string): Promise<void> {
  await link.request(subject, utf8("x"));
}

async function askTaken(sequence: number): Promise<Head | undefined> {
  const question = encodePlacesQuestion({
    again: [],
    taken: [{ stream, instance: "one", sequence }],
  });
  return (await places.answer("ng/tcu", question, [head]))[0];
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "atumpan-places-"));
  const port = await freePort();
  const config = join(dir, "nats.conf");
  writeFileSync(config, `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${dir}" }\n`);
  server = await startServer(config, port);
  link = await connect({ servers: `127.0.0.1:${port}` });
  jetStream = makeJetStream(link);
  places = makePlaces(jetStream, systemClock);
  await jetStream.createStream({
    name: stream,
    subjects: ["to.>"],
    metadata: { instance: "one" },
  });
  await jetStream.putConsumer(stream, {
    name: "ng_tcu",
    durable_name: "ng_tcu",
    ack_policy: "explicit",
    filter_subjects: ["to.ng", "all.>"],
  });
});

afterAll(async () => {
  await link.close();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe("how far an agency acknowledged, by a real server", () => {
  it("its floor moves on over what stands there for others, and that is not held against it", async () => {
    for (const to of ["ng", "gh", "gh", "ng"]) await publish(`to.${to}`);
    const first = await pullTwo();
    link.publish(first);
    await link.flush();
    await until("the acknowledgement counts", async () => (await askTaken(1))?.pending === 1);
    // the server says three, though only the first was for it; the fourth was on its way when it was killed
    expect(await askTaken(1)).toEqual({ ...head, settled: 3, pending: 1 });
  });

  it("one that was given more than it says is told so", async () => {
    expect(await askTaken(0)).toMatchObject({ settled: 3, beyond: true });
  });
});
