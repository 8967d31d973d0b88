import { beforeAll, describe, expect, it } from "vitest";

import type { RegionProcess } from "../kit/region-process.ts";
import { openRegionWork, type RegionWork } from "../kit/region-work.ts";
import { until } from "../kit/server.ts";

/** The commands of a day's work, each a process of its own, over a region that runs and is not needed afterwards. */
export function describeWork(region: () => RegionProcess): void {
  describe("a day's work, command by command", () => {
    const [ng, gh, sn] = ["ng/tcu", "gh/tcu", "sn/tcu"] as const;
    const day = 86_400_000;
    const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
    const vehicle = (plate: string): object => ({ vehicle: { plate, plateCountry: "NG", make: "Kia" }, registrarCountry: "NG" });
    const nowhere = "018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b";
    let work: RegionWork;

    beforeAll(() => {
      work = openRegionWork(region());
    });

    it("release: what takes two officers waits, is sent as it was shown by another, and by nobody else", async () => {
      const inner = { purposes: ["INVESTIGATION"], h3Text: { text: "For the desk alone.", lang: "en" } };
      const said = (): object => work.submission(ng, [gh], ["request.information", { crimes: ["drugs"], handling: "H3", inner }]);
      const { json } = await work.run(ng, "people", "invite", "K. Diop", "--role", "approver", "officer", "--up-to", "H3", "--json");
      const officer = await work.enrol(ng, json["code"]);
      const asked = async (): Promise<readonly unknown[]> => {
        const { json: page } = await work.ask(ng, "/v1/messages?box=out&type=request.information&limit=200");
        return (page["items"] as { id: string }[]).map((one) => one.id);
      };
      const before = await asked();
      const own = await work.run(ng, "message", "send", work.write(said()));
      const id = own.out.trim();
      expect([own.code, own.err]).toEqual([9, expect.stringMatching(new RegExp(`^It takes two officers\\. [^]*Next: atumpan release show ${id}\n$`))]);
      const [first, second] = await Promise.all([officer("/v1/messages", said()), officer("/v1/messages", said())]);
      expect([first.status, second.status]).toEqual([202, 202]);
      const [theirs, others] = [String(first.json["id"]), String(second.json["id"])];
      const [listed, mine, shown] = await Promise.all([
        work.run(ng, "release", "ls", "--state", "WAITING", "--json"),
        work.run(ng, "release", "show", id, "--json"),
        work.run(ng, "release", "show", theirs, "--lang", "fr"),
      ]);
      expect((listed.json["items"] as { id: string }[]).map((one) => one.id).toSorted()).toEqual([id, theirs, others].toSorted());
      expect(shown.out).toContain("type de message");
      const [, version = ""] = /Next: atumpan release approve \S+ --shown ([0-9a-f]{32})/.exec(shown.err) ?? [];
      const refused = await Promise.all([
        work.run(ng, "release", "approve", id, "--shown", String(mine.json["version"])),
        work.run(ng, "release", "approve", theirs, "--shown", "0".repeat(32), "--json"),
        work.run(ng, "release", "withdraw", theirs),
      ]);
      expect(refused.map(({ code, out, fault }) => [code, out, fault])).toEqual([
        [4, "", "SECOND_PERSON_NEEDED"], [1, "", "PRECONDITION_FAILED"], [4, "", "SECOND_PERSON_NEEDED"],
      ]);
      const sent = await work.run(ng, "release", "approve", theirs, "--shown", version, "--json");
      expect([sent.code, sent.json]).toMatchObject([0, { created: true, audience: [gh] }]);
      const [back, gone, late] = await Promise.all([
        work.run(ng, "release", "return", others, "--reason", "Say which port.", "--json"),
        work.run(ng, "release", "withdraw", id),
        work.run(ng, "release", "approve", theirs, "--shown", version),
      ]);
      expect([back.code, back.json["state"], gone.code, late.code, late.fault]).toEqual([0, "RETURNED", 0, 6, "RELEASE_ENDED"]);
      expect((await asked()).filter((one) => !before.includes(one))).toEqual([sent.json["id"]]);
    });

    it("recall: each holder deletes and says so; who is not its sender takes nothing back", async () => {
      const id = await work.say(ng, [gh, sn], ["record.stolen_vehicle", { body: vehicle("LSR 207 NG") }]);
      const start = ["recall", "start", id, "--reason", "WITHDRAWN", "--by", at(day)];
      const [started, foreign, wrong] = await Promise.all([
        work.run(ng, ...start),
        work.run(gh, ...start),
        work.run(ng, "recall", "start", id, "--reason", "NOTHING", "--by", "soon"),
      ]);
      expect([started.code, started.out]).toEqual([0, `Asked of 2: ${gh}, ${sn}\n`]);
      expect([foreign.code, foreign.fault, wrong.code, wrong.fault]).toEqual([5, "NOT_FOUND", 2, "USAGE_INVALID"]);
      const orders = async (): Promise<readonly unknown[]> => (await work.ask(ng, `/v1/recalls/${id}`)).json["ordered"] as readonly unknown[];
      await until("all have answered", async () => (await work.ask(ng, `/v1/recalls/${id}`)).json["state"] === "COMPLETE");
      const count = (await orders()).length;
      const [again, list, show, ordered] = await Promise.all([
        work.run(ng, ...start),
        work.run(ng, "recall", "list", "--json"),
        work.run(ng, "recall", "show", id),
        work.run(gh, "recall", "orders", "--json"),
      ]);
      expect([again.code, (await orders()).length]).toEqual([0, count]);
      expect(list.json["items"]).toContainEqual(expect.objectContaining({ id, state: "COMPLETE", done: 2, holders: 2 }));
      expect(show.out).toMatch(/^PURGE {2}COMPLETE {2}2 of 2\nAGENCY[^]*gh\/tcu .*DELETED[^]*sn\/tcu .*DELETED/);
      expect(ordered.json["items"]).toContainEqual(expect.objectContaining({ message: id, originator: ng, state: "DONE", told: "DELETED" }));
    });

    it("operation, directory, lookup: what others sent is found by who may see it", async () => {
      const operationId = `01a1c3b0-7700-7e08-a2c4-${Date.now().toString(16).padStart(12, "0")}`;
      const members = [{ agency: ng, role: "COORDINATOR" }, { agency: gh, role: "PARTICIPANT" }];
      const entry = { country: "NG", crimes: ["drugs"], functions: ["MLA"], agency: ng, certificateDigests: undefined, verifiedAt: at(-30 * day), validFrom: at(-400 * day), validUntil: at(300 * day) };
      const contact = { agency: ng, email: "desk@justice.example", phone: "+2348000000000", languages: ["en"] };
      const [, place] = await Promise.all([
        work.say(ng, [gh], ["operation.open", { body: { operationId, members, validFrom: at(-60_000), validUntil: at(day), phases: [], dataDays: 2 } }]),
        work.say(ng, [gh], ["directory.authority", { crimes: ["drugs"], body: { ...entry, contact } }]),
        work.say(ng, [gh], ["record.stolen_vehicle", { body: vehicle("ABC 471 NG") }]),
      ]);
      const [list, show, hidden, found, none, tried, hit] = await Promise.all([
        work.run(gh, "operation", "list", "--json"),
        work.run(gh, "operation", "show", operationId),
        work.run(sn, "operation", "show", operationId),
        work.run(gh, "directory", "find", "--country", "ng", "--function", "mla", "--crime", "drugs", "--json"),
        work.run(gh, "directory", "find", "--json"),
        work.run(gh, "directory", "ping", place, "--dry-run"),
        work.run(gh, "lookup", "vehicle", "ABC 471 NG", "--country", "NG", "--json"),
      ]);
      expect(list.json["items"]).toContainEqual(expect.objectContaining({ id: operationId, own: "INVITED", opener: ng }));
      expect([show.code, show.out]).toEqual([0, expect.stringMatching(/OPEN {2}opened by ng\/tcu\n[^]*gh\/tcu {2}PARTICIPANT {2}INVITED\nFIGURE/)]);
      expect([hidden.code, hidden.fault]).toEqual([5, "NOT_FOUND"]);
      expect(found.json["authorities"]).toContainEqual(expect.objectContaining({ entry: place, country: "NG", agency: ng, good: true }));
      expect([none.code, none.fault]).toEqual([2, "USAGE_INVALID"]);
      expect([tried.code, tried.out]).toEqual([0, expect.stringMatching(/^Valid: /)]);
      expect(hit.json["answers"]).toMatchObject([{ answer: "HIT", hits: [{ owner: ng }] }]);
      const [ping, stranger] = await Promise.all([work.run(gh, "directory", "ping", place), work.run(sn, "directory", "ping", nowhere)]);
      expect([ping.code, stranger.code, stranger.fault]).toEqual([0, 5, "NOT_FOUND"]);
    });

    it("mla, uses, statistics, breaches: a formal request begins with a thread, and names what is missing", async () => {
      const inner = { purposes: ["INVESTIGATION"] };
      const thread = await work.say(gh, [ng], ["request.information", { crimes: ["drugs"], inner }]);
      const whole = work.write(work.submission(gh, [sn], ["mla.request"]));
      const [draft, unknown, document, text, uses, foreign, figures, when, late, nobody] = await Promise.all([
        work.run(gh, "mla", "draft", thread, "--to", sn, "--json"),
        work.run(gh, "mla", "draft", "none"),
        work.run(gh, "mla", "document", work.write({ type: "mla.request" }), "--json"),
        work.run(gh, "mla", "document", whole, "--lang", "fr", "--zone", "Africa/Accra"),
        work.run(ng, "uses", thread),
        work.run(sn, "uses", thread),
        work.run(ng, "statistics", "show", "--json"),
        work.run(ng, "statistics", "show", "--period", "soon"),
        work.run(ng, "breaches", "--open", "--json"),
        work.run(ng, "breaches", "--of", "nobody"),
      ]);
      expect([draft.code, draft.json]).toMatchObject([0, { complete: false, used: [thread], message: { type: "mla.request", recipients: [sn] } }]);
      expect(draft.err).toContain("Missing: /body/requesting/name");
      expect([unknown.code, unknown.fault, document.code, document.fault]).toEqual([3, "ID_INVALID", 3, "SCHEMA_INVALID"]);
      expect([text.code, text.out]).toEqual([0, expect.stringContaining("demande d'entraide judiciaire")]);
      expect([uses.code, uses.out, foreign.code, foreign.fault]).toEqual([0, "It was passed on to nobody.\n", 5, "NOT_FOUND"]);
      expect([figures.code, figures.json, when.code, when.fault]).toEqual([0, { items: [] }, 3, "REQUEST_INVALID"]);
      expect([late.code, late.json, nobody.code, nobody.fault]).toEqual([0, { items: [] }, 2, "USAGE_INVALID"]);
    });
  });
} // prettier-ignore
