import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeRequest } from "../../certs/authority/index.ts";
import { makeKeyPair } from "../../certs/keys/index.ts";
import { parseCertificate, parsePem, renderPem } from "../../certs/shape/index.ts";
import { verifyRegister } from "../../certs/trust/index.ts";
import { makeBackup } from "../../gateways/backup/index.ts";
import { parseRecoveryRecipient } from "../../gateways/crypto/index.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { systemChance, systemClock } from "../../schemas/ground/index.ts";
import {
  agree, beginRegion, editRegion, makeRegisterDesk, makeStoryRoot, type RegisterDesk, signRole, storyLine, storyOfficers,
} from "../kit/register-office.ts"; // prettier-ignore
import { effectsOf } from "../kit/replays.ts";
import { readRunbook, type Rehearsal, rehearse, runbookSections, runStep } from "../kit/runbook.ts";
import { makeOfficers } from "../kit/scripted-ceremony.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

const pages = readdirSync(join(import.meta.dirname, "../../deploy/runbooks"))
  .filter((name) => name.endsWith(".md") && name !== "README.md")
  .map((name) => name.slice(0, -3));
const rehearsed: string[] = [];

async function play(name: string, rehearsal: Rehearsal): Promise<void> {
  await rehearse(name, rehearsal);
  rehearsed.push(name);
}

describe("a runbook", () => {
  it.each(pages)("%s says what one sees, what it means, what to do by a command each, how one knows, whom to tell", (name) => {
    const { sections, steps, numbered } = readRunbook(name);
    expect(sections).toEqual(runbookSections);
    const did = steps.filter(({ section }) => section === "What you do");
    expect(did.length).toBeGreaterThanOrEqual(numbered);
    expect(numbered).toBeGreaterThan(2);
    expect(steps.some(({ section }) => section === "How you know that it worked")).toBe(true);
  }); // prettier-ignore
});

describe("rehearsed in a region with a hub", () => {
  let world: World;
  let ng: Gateway;
  let gh: Gateway;
  let home = "";
  const delivered: string[] = [];

  const words = (): Record<string, string> => ({
    HUB: "au/hub-one", HUB_CONFIG: world.layout.brokerConfig, HUB_FOLDER: world.layout.hub, HUB_LOG: join(world.layout.hub, "log"),
    DUTY_ONE: join(home, "one"), DUTY_TWO: join(home, "two"), RECOVERY: join(home, "recovery.pem"), RECOVERY_PUBLIC: join(home, "recovery.pub.pem"),
    REGISTER: world.layout.register, ROOT: world.layout.root, REGISTRAR: world.layout.registrarKey, GATEWAY: world.layout.gateway("gh/tcu"),
    EVIDENCE: join(home, "evidence"), MIRROR: join(home, "mirror"), BACKUPS: home, NEW_KEY: join(home, "new.key"),
    AGENCY: "gh/tcu", OFFICE: join(world.layout.authorities, "gh"),
  }); // prettier-ignore
  const at = (more: Partial<Rehearsal> & { words?: Record<string, string> } = {}): Rehearsal => {
    const { words: own = {}, ...rest } = more;
    return { cwd: home, clock: () => world.clock, words: { ...words(), ...own }, ...rest };
  };
  const isDelivered = (id: string): boolean =>
    (ng.exchange.find(id)?.ladder ?? []).some(
      ({ kind, by }) => kind === "DELIVERED" && by === "gh/tcu",
    );
  const send = async (key: string): Promise<void> => {
    delivered.push((await ng.exchange.submit(example("red-flag"), key)).id);
  };
  /** Each message of ours is in the inbox there, once. */
  const arrived = async (): Promise<void> => {
    await until("all are delivered", () => delivered.every(isDelivered));
    expect([...effectsOf(gh).read].toSorted()).toEqual(
      delivered.map((id) => `ng/tcu ${id}`).toSorted(),
    );
  };

  beforeAll(async () => {
    world = await startWorld({
      states: ["ng", "gh"],
      prepare: async ({ layout }) => {
        home = join(layout.home, "operator");
        mkdirSync(home);
        const ground = { cwd: home, clock: () => systemClock, words: {} };
        const made = [
          "register key make one",
          "register key make two",
          "backup key new recovery.pem",
        ];
        for (const line of made) expect((await runStep(ground, `atumpan ${line}`)).code).toBe(0);
        const config = JSON.parse(readFileSync(layout.brokerConfig, "utf8")) as object;
        const duty = ["one.pub", "two.pub"].map((name) => join(home, name));
        writeFileSync(layout.brokerConfig, JSON.stringify({ ...config, duty }));
      },
    });
    ng = await world.gateway("ng/tcu");
    gh = await world.gateway("gh/tcu");
    await send("one");
    await until("it is delivered", () => delivered.every(isDelivered));
  });

  afterAll(async () => {
    await world?.stop();
  });

  it("restore: a gateway is put back from its nightly backup, and has what came since", async () => {
    const dir = world.layout.gateway("gh/tcu");
    const { agency, store, signer } = gh.office;
    const file = join(home, "gh.atumpan-backup");
    const recipients = [
      parseRecoveryRecipient(readFileSync(join(home, "recovery.pub.pem"), "utf8")),
    ];
    const epoch = (): number => world.register().epoch;
    await makeBackup(
      { agency, dir, store, signer, epoch, clock: world.clock, chance: systemChance },
      { file, recipients },
    );
    await send("since");
    await arrived();
    const acts = {
      "systemctl stop atumpan-gateway": () => world.stopGateway("gh/tcu"),
      "systemctl start atumpan-gateway": async () => (gh = await world.gateway("gh/tcu")),
    };
    await play("restore", at({ acts, words: { BACKUP: file } }));
    await arrived();
  });

  it("log-split: the hub is stopped, kept as it is, read whole, and let go by two", async () => {
    await play("log-split", at({ acts: { "atumpan hub stop-admission --reason LOG_SPLIT --key $DUTY_ONE --config $HUB_CONFIG": () => send("held") } }));
    await arrived();
    expect(world.audit().map(({ event }) => event)).toEqual(expect.arrayContaining(["admission stopped", "admission resumed"]));
  }); // prettier-ignore

  it("hub-disaster: machine and disks are gone; the hub comes back from its backup, and what was under way is delivered once", async () => {
    const backup = join(home, "hub.backup");
    const made = `atumpan hub backup --to ${join(home, "recovery.pub.pem")} --out ${backup} --with-keys --config $HUB_CONFIG`;
    expect(await runStep(at(), made)).toMatchObject({ code: 0 });
    await world.stopBroker();
    await world.server.kill();
    rmSync(world.layout.hub, { recursive: true });
    await send("without a hub");
    const acts = {
      "systemctl start atumpan-nats-server": () => world.server.start(),
      "systemctl start atumpan-broker": () => world.startBroker(),
    };
    await play("hub-disaster", at({ acts, words: { BACKUP: backup } }));
    await arrived();
  }, 240_000); // prettier-ignore

  it("key-compromise: the agency is out, everywhere", async () => {
    await play("key-compromise", at());
    await world.broker.refresh();
    await until(
      "the hub judges by it",
      () => world.broker.status().epoch === world.register().epoch,
    );
    await until("its link is refused", () => !gh.exchange.status().linkUp);
    await until("nobody seals to it any more", async () => {
      const { audience } = await ng.exchange.validate(example("lagos-alert"));
      return audience.length > 0 && !audience.includes("gh/tcu");
    });
  });
});

describe("rehearsed at the offices", () => {
  let desk: RegisterDesk;
  const clock = (): Rehearsal["clock"] extends () => infer C ? C : never => {
    desk.wait(1_000);
    return { ...systemClock, now: desk.now };
  };
  const words = (): Record<string, string> => ({
    REGION: "region", REGISTRAR_OFFICER_ONE: "ama.key", REGISTRAR_OFFICER_TWO: "kofi.key", REGISTRAR_ONE: "registrar-1.key", REGISTRAR_TWO: "registrar-3.key",
    SNAPSHOT: "snapshot.key", TIMESTAMP: "timestamp.key", STATE: "sn", STATE_OFFICE: "sn",
    STATE_OFFICER_ONE: "Ngozi Obi=ngozi.key.pub", STATE_OFFICER_TWO: "Emeka Ade=emeka.key.pub",
  }); // prettier-ignore
  type Content = { region: Record<string, Record<string, unknown>[]>; delegations: object[] };
  const editing = (file: string, change: (content: Content) => void): Rehearsal["acts"] => ({
    "atumpan register show --folder $REGION --part region --out $EDIT": async () => {
      const held = JSON.parse(desk.read(file)) as { content: Content };
      change(held.content);
      desk.write(file, JSON.stringify(held));
    },
  });
  const membership = (): string | undefined => {
    const root = readFileSync(join(desk.base, "region/root.json"));
    const view = verifyRegister(readFileSync(join(desk.base, "region/register.bin")), { root });
    return view.membership("ecowas", "sn", desk.now());
  };

  beforeAll(async () => {
    desk = await makeRegisterDesk();
    await beginRegion(desk);
    for (const key of ["root-1.key", "root-2.key", "root-3.key"])
      await signRole(desk, ["region", "root", key]);
    await agree(desk, { office: "region", by: storyOfficers.region }, await editRegion(desk));
    for (const key of ["registrar-1.key", "registrar-3.key"])
      await signRole(desk, ["region", "targets", key]);
    await desk.good("publish --folder region --key snapshot.key timestamp.key");
  });

  afterAll(() => desk?.stop());

  it("join-country: the state is a member, and begins its office", async () => {
    const root = await makeStoryRoot("sn", desk.now());
    const acts = editing("join.json", ({ region, delegations }) => {
      region["memberships"]?.push({ rec: "ecowas", authority: "sn", from: storyLine.from });
      region["authorities"]?.push({ authority: "sn", roots: [root] });
      delegations.push({ authority: "sn", threshold: 1, keys: [desk.keyOf("kwame.key")] });
    });
    // its own part is not there yet, and that is told
    await play("join-country", { words: { ...words(), EDIT: "join.json" }, cwd: desk.base, clock, ...(acts === undefined ? {} : { acts }) });
    expect(membership()).toBe("member");
  }); // prettier-ignore

  it("leave-rec: the state is no member any more", async () => {
    const acts = editing("leave.json", ({ region }) => {
      const line = region["memberships"]?.find(({ authority }) => authority === "sn");
      Object.assign(line ?? {}, { until: new Date(desk.now() - 1_000).toISOString() });
    });
    await play("leave-rec", { words: { ...words(), EDIT: "leave.json" }, cwd: desk.base, clock, ...(acts === undefined ? {} : { acts }) });
    expect(membership()).not.toBe("member");
  }); // prettier-ignore

  it("ca-loss: the next issuing CA issues, and the root's list has the old one", async () => {
    const base = mkdtempSync(join(tmpdir(), "ca-loss-"));
    const paper = new Map<string, string>();
    let now = desk.now();
    const tick = (): number => (now += 1_000);
    const officers = makeOfficers({ now: tick, chance: systemChance, paper });
    const hear = (text: string): void => {
      for (const line of text.split("\n")) officers.say(line);
    };
    const own = {
      OFFLINE: "offline", NEW_ONLINE: "new-online", STICK: "stick", STATE: "ng", REGION: join(desk.base, "region"),
      REQUEST: "a.csr", CERTIFICATE: "leaf.crt", AGENCY: "ng/tcu",
    }; // prettier-ignore
    const rehearsal: Rehearsal = { words: own, cwd: base, clock: () => ({ ...systemClock, now: tick }), hear, ask: (question) => officers.ask(question) };
    mkdirSync(join(base, "stick"));
    for (const step of [
      "root --authority ng --folder offline --out stick-1", "request --authority ng --folder online --out stick-2",
      "sign --folder offline --request stick-2/issuing.csr --out stick-3", "install --folder online --from stick-3",
    ]) expect([step, await runStep(rehearsal, `atumpan authority ceremony ${step}`)]).toEqual([step, expect.objectContaining({ code: 0 })]);
    writeFileSync(join(base, "a.csr"), renderPem("CERTIFICATE REQUEST", await makeRequest("ng/tcu", makeKeyPair("P-256"))));
    const issuerOf = (folder: string): string => parseCertificate(parsePem("CERTIFICATE", readFileSync(join(base, folder, "issuing.crt"), "utf8"))[0]!).serial;
    try {
      await play("ca-loss", { ...rehearsal, words: { ...own, OLD_SERIAL: issuerOf("online") } });
      expect(issuerOf("new-online")).not.toBe(issuerOf("online"));
      expect(readFileSync(join(base, "leaf.crt"), "utf8")).toContain("BEGIN CERTIFICATE");
    } finally {
      rmSync(base, { recursive: true });
    }
  }); // prettier-ignore

  it("none was left out", () => {
    expect(rehearsed.toSorted()).toEqual(pages.toSorted());
  });
});
