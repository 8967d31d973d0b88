import { createAccount, createCurve } from "@nats-io/nkeys";
import { errors } from "nats";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { makeXkeyBox } from "../../broker/callout/index.ts";
import { makeHubKeys } from "../../broker/index.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { consumerOf, inboxPrefixOf } from "../../schemas/index.ts";
import { type Bytes, systemChance, utf8 } from "../../schemas/ground/index.ts";
import { loadLinkPair } from "../kit/agency.ts";
import { type BrokerProcess, startBrokerProcess } from "../kit/broker-process.ts";
import {
  answerWith,
  type Asked,
  type FalseCallout,
  issuerOf,
  type Lie,
  startFalseCallout,
} from "../kit/false-callout.ts";
import { dialHub, openSystemDesk, type SystemDesk } from "../kit/hub-insider.ts";
import { changeHubLimits } from "../kit/hub-limits.ts";
import { dialRaw, type RawNats } from "../kit/raw-nats.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";

/** A login waits for the callout so long; short, for a test waits for it too. */
const loginSeconds = 4;
const lifeMs = 8_000;
const agencies = ["ng/tcu", "gh/fiu", "gh/moc", "ecowas/centre"] as const;
const [agency] = agencies;

let world: World;
let system: SystemDesk;
let restore: () => void;
const gateways: Gateway[] = [];

beforeAll(async () => {
  restore = changeHubLimits({ loginTimeoutSeconds: loginSeconds });
  world = await startWorld({ states: ["ng", "gh"] });
  system = await openSystemDesk(world);
});

afterAll(async () => {
  await system?.stop();
  await world?.stop();
  restore?.();
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function logIn(who: string = agency): Promise<RawNats> {
  const { port } = world.server;
  return dialRaw({ port, ca: world.rootsPem, ...loadLinkPair(world, who) });
}

/** "in", or what the server said. */
async function outcomeOf(login: Promise<RawNats>): Promise<string> {
  try {
    const link = await login;
    await link.close();
    return "in";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function nextOf(stream: string, who: string = agency): string {
  return `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumerOf(who)}`;
}

let askedBefore = 0;

/** What comes of asking for one's next message: an answer of the hub, or a denial. */
async function askNext(link: RawNats, stream: string): Promise<string> {
  askedBefore += 1;
  const reply = `${inboxPrefixOf(agency)}.next${askedBefore}`;
  const sid = link.subscribe(reply);
  const denied = link.errors.length;
  link.publish(nextOf(stream), '{"batch":1,"no_wait":true}', { reply });
  await until("an answer", () => link.errors.length > denied || link.messages.some((one) => one.sid === sid)); // prettier-ignore
  link.unsubscribe(sid);
  return link.errors[denied] ?? "answered";
}

async function momentOf(event: Promise<unknown>): Promise<number> {
  await event;
  return performance.now();
}

/** Nobody new while nothing answers; whoever stands stays until his time is up, and not a second longer. */
async function expectNobodyNew(link: RawNats, since: number): Promise<void> {
  const ended = momentOf(link.closed);
  const tries = agencies.map((who) => outcomeOf(logIn(who)));
  expect(await askNext(link, "DIRECT")).toBe("answered");
  const refused = expect.stringMatching(
    /^(?:Authorization|Authentication|the connection was closed)/,
  );
  expect(await Promise.all(tries)).toEqual(agencies.map(() => refused));
  const stood = (await ended) - since;
  expect(link.errors.at(-1)).toContain("User Authentication Expired");
  // its end is told in whole seconds; the rest is for a machine that is busy
  expect([stood > lifeMs - 1_100, stood < lifeMs + 60_000, stood]).toEqual([true, true, stood]);
  await until("no agency stands", async () => (await system.countSessions(...agencies)) === 0);
}

describe("T-4 a callout that does not answer", () => {
  let broker: BrokerProcess;

  beforeAll(async () => {
    await world.stopBroker();
    broker = await startBrokerProcess(world, { loginTimeoutSeconds: loginSeconds, loginLifetimeMs: lifeMs }); // prettier-ignore
    for (const who of ["ng/tcu", "gh/fiu"]) gateways.push(await world.gateway(who));
  });

  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => world.stopGateway(gateway.agency)));
    await broker.kill();
    await world.startBroker();
  });

  /** Everybody is back without anybody's doing. */
  async function expectAllBack(): Promise<void> {
    const isBack = (): boolean => gateways.every(({ exchange }) => exchange.status().linkUp);
    await until("all gateways are back", isBack);
    const link = await logIn("gh/moc");
    await link.close();
  }

  it("because it froze lets nobody in, ends nobody early, and all come back when it thaws", async () => {
    const since = performance.now();
    const link = await logIn();
    broker.freeze();
    await expectNobodyNew(link, since);
    broker.thaw();
    // what it answers now is about logins that are long over
    await expectAllBack();
    expect(await system.countSessions("ecowas/centre")).toBe(0);
  });

  it("because it was killed lets nobody in, ends nobody early, and all come back when it runs", async () => {
    const since = performance.now();
    const link = await logIn();
    await broker.kill();
    await expectNobodyNew(link, since);
    broker = await startBrokerProcess(world, { loginTimeoutSeconds: loginSeconds, loginLifetimeMs: lifeMs }); // prettier-ignore
    await expectAllBack();
  });
});

describe("T-4 a callout in the true one's place", () => {
  let liar: FalseCallout | undefined;

  beforeAll(() => world.stopBroker());

  afterAll(() => world.startBroker());

  afterEach(() => liar?.stop());

  it("that answers late, but in time, lets in; one that answers too late does not, then or ever", async () => {
    let waitMs = 500;
    liar = await startFalseCallout(world, async (asked) => {
      await pause(waitMs);
      return answerWith(asked);
    });
    expect(await outcomeOf(logIn())).toBe("in");
    waitMs = loginSeconds * 1000 + 500;
    const tries = await Promise.all(agencies.map((who) => outcomeOf(logIn(who))));
    expect(tries).not.toContain("in");
    expect(liar.questions).toBe(1 + agencies.length);
    await pause(1_000);
    expect(await system.countSessions(...agencies)).toBe(0);
  });

  it("whose answer falls into the server's reading its configuration anew lets in all the same", async () => {
    const { promise: isRead, resolve: go } = Promise.withResolvers<void>();
    let isHeld = false;
    liar = await startFalseCallout(world, async (asked) => {
      if (!isHeld) {
        isHeld = true;
        await isRead;
      }
      return answerWith(asked);
    });
    const login = outcomeOf(logIn());
    await until("it is asked", () => isHeld);
    await system.control.reload();
    go();
    expect(await login).toBe("in");
  });

  const stranger = makeHubKeys();
  const strangeIssuer = issuerOf(stranger.issuer);
  const strangeNkey = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";
  const now = (): number => Math.floor(Date.now() / 1000);
  let earlier: Bytes | undefined;
  const another = createAccount().getPublicKey();

  /** Every lie that the issuer's key does not cover, and some that it does and the server sees through. */
  const lies: readonly (readonly [string, (asked: Asked) => Bytes | undefined])[] = (
    [
      ["whose rights another key signed", { inner: strangeIssuer }],
      ["whose rights another key signed in the issuer's name", ({ issuer }) => ({ inner: { name: issuer.name, key: strangeIssuer.key } })],
      ["that another key signed in the issuer's name", ({ issuer }) => ({ outer: { name: issuer.name, key: strangeIssuer.key } })],
      ["that another key signed, unsealed", { outer: strangeIssuer, seal: (plain) => plain }],
      ["with rights for another user", { user: { sub: strangeNkey } }],
      ["for another user", { answer: { sub: strangeNkey } }],
      ["for another server", { answer: { aud: another.replace(/^A/, "N") } }],
      ["into an account that there is not", { user: { aud: "AG_xx_tcu" } }],
      ["into no account", { user: { aud: undefined } }],
      ["in another account's name", { user: { nats: { type: "user", version: 2, issuer_account: another } } }],
      ["whose rights are past their time", () => ({ user: { exp: now() - 1 } })],
      ["whose rights begin later", () => ({ user: { nbf: now() + 60 } })],
      ["that is past its time", () => ({ answer: { exp: now() - 1 } })],
      ["without rights", { answer: { nats: { type: "authorization_response", version: 2 } } }],
      ["of another kind", ({ claims }) => ({ answer: { nats: { ...claims, type: "user" } } })],
      ["that is an error", { answer: { nats: { type: "authorization_response", version: 2, error: "no" } } }],
      ["sealed to somebody else", { seal: (plain, { box }) => box.seal(plain, createCurve().getPublicKey()) }],
      ["sealed by somebody else", { seal: (plain, { server }) => makeXkeyBox(stranger.curve.seed, systemChance).seal(plain, server) }],
      ["that was changed under way", { seal: (plain, { box, server }) => box.seal(plain, server).map((octet, at) => (at === 60 ? octet ^ 1 : octet)) }],
      ["that is empty", { seal: () => new Uint8Array() }],
      ["that is no JWT", { seal: () => utf8("eyJ") }],
      ["that is text", { seal: () => utf8("yes") }],
    ] as readonly (readonly [string, Lie | ((asked: Asked) => Lie)])[]
  ).map(([name, lie]) => [name, (asked) => answerWith(asked, typeof lie === "function" ? lie(asked) : lie)]); // prettier-ignore

  it("that has all keys and tells the truth lets in, so that the refusals below are the lies'", async () => {
    liar = await startFalseCallout(world, (asked) => (earlier = answerWith(asked)));
    expect(await outcomeOf(logIn())).toBe("in");
  });

  it.each([...lies, ["of an earlier login", () => earlier], ["that does not come", () => undefined]] as typeof lies)(
    "with an answer %s lets nobody in",
    async (_what, lie) => {
      liar = await startFalseCallout(world, lie);
      expect(await outcomeOf(logIn())).not.toBe("in");
      expect(liar.questions).toBe(1);
      expect(await system.countSessions(agency)).toBe(0);
    },
  ); // prettier-ignore

  it("gives no more than the issuer signed: an envelope of another's hand changes nothing", async () => {
    liar = await startFalseCallout(world, (asked) => answerWith(asked, { outer: strangeIssuer }));
    const link = await logIn();
    link.publish(nextOf("DIRECT", "gh/fiu"), "");
    link.publish("feed.ecowas.drugs", "");
    link.subscribe(">");
    await link.settle();
    expect(link.errors).toHaveLength(3);
    expect(await askNext(link, "DIRECT")).toBe("answered");
    await link.close();
  });
});

describe("T-4 somebody with the callout's password, beside the callout", () => {
  it("may listen to logins in the one queue, and to nothing else; may send where servers wait for answers alone", async () => {
    const link = await dialHub(world, "callout");
    const denied: string[] = [];
    const watch = async (): Promise<void> => {
      for await (const status of link.status()) {
        if (status.type === "error" && status.error instanceof errors.PermissionViolationError) denied.push(status.error.subject); // prettier-ignore
      }
    };
    const watching = watch();
    const subjects = [
      ">", "$SYS.REQ.USER.AUTH", "$SYS.>", "$SYS._INBOX.>", "_INBOX.>", "_INBOX_CALLOUT.>", "_R_.>", "$JS.API.>",
    ]; // prettier-ignore
    for (const subject of subjects) {
      link.subscribe(subject, { callback: () => undefined });
      link.subscribe(subject, { queue: "mine", callback: () => undefined });
    }
    const targets = ["$SYS.REQ.USER.AUTH", "$SYS.REQ.SERVER.PING", "$SYS._INBOX.x", "_INBOX.x.y", "_INBOX_CALLOUT.x", "in.gh.fiu.heads", "anything"]; // prettier-ignore
    for (const subject of targets) link.publish(subject, "x");
    await link.flush();
    await until("all is denied", () => denied.length >= subjects.length * 2 + targets.length);
    expect(new Set(denied)).toEqual(new Set([...subjects, ...targets]));
    await link.close();
    await watching;
  });

  it("spoils the logins that it gets to answer, and gets nothing through", async () => {
    const stranger = issuerOf(makeHubKeys().issuer);
    const liar = await startFalseCallout(world, (asked) => answerWith(asked, { inner: stranger }));
    const outcomes: string[] = [];
    while (outcomes.length < 60 && !(liar.questions > 3 && outcomes.includes("in"))) {
      outcomes.push(await outcomeOf(logIn()));
    }
    expect(outcomes.filter((one) => one === "in").length).toBe(outcomes.length - liar.questions);
    expect(outcomes).toContain("in");
    await liar.stop();
    const after = await Promise.all(agencies.map((who) => outcomeOf(logIn(who))));
    expect(after).toEqual(agencies.map(() => "in"));
  });

  it("and with the issuer's key, gives a session a name: the server ends it when it reads its configuration next", async () => {
    const liar = await startFalseCallout(world, (asked) => answerWith(asked, { user: { name: "x" } }));
    const links: RawNats[] = [];
    while (liar.questions === 0) links.push(await logIn());
    await liar.stop();
    await system.control.reload();
    await links.at(-1)!.closed;
    expect(links.map(({ isClosed }) => isClosed)).toEqual(links.map((_, at) => at === links.length - 1));
    for (const link of links) await link.close();
  }); // prettier-ignore

  it("and with the issuer's key, puts one agency into another's account until the hub looks, and no longer", async () => {
    const lie = { user: { aud: "AG_gh_fiu" } };
    const liar = await startFalseCallout(world, (asked) => answerWith(asked, lie));
    const owned = async (): Promise<number> => system.countSessions("gh/fiu");
    const before = await owned();
    const links: RawNats[] = [];
    while (liar.questions === 0) links.push(await logIn());
    await liar.stop();
    const moved = links.at(-1)!;
    expect(await owned()).toBe(before + 1);
    // an epoch that says nothing new: the hub looks at every session when one comes in force
    await world.publish({});
    await moved.closed;
    expect(await owned()).toBe(before);
    expect(world.audit().findLast(({ event }) => event === "session closed")?.fields).toMatchObject(
      {
        agency: "gh/fiu",
        code: "CERT_UNKNOWN",
      },
    );
    for (const link of links) await link.close();
  });
});

describe("T-4 rights", () => {
  it("that were withdrawn while an agency was away are not there when it comes back", async () => {
    const first = await logIn();
    expect(await askNext(first, "FEED_ECOWAS")).toBe("answered");
    await first.close();
    await world.publish({
      region: (now) => ({
        ...now,
        mandates: now.mandates.filter((one) => one.agency !== agency || one.action !== "READ"),
      }),
    });
    const second = await logIn();
    expect(await askNext(second, "FEED_ECOWAS")).toContain(nextOf("FEED_ECOWAS"));
    expect(await askNext(second, "DIRECT")).toBe("answered");
    await second.close();
  });
});
