import { copyOf } from "../../gateways/exchange/copies.ts";
import { answerKeyRequests } from "../../gateways/exchange/keys/answer.ts";
import { submit } from "../../gateways/exchange/submit.ts";
import { makeTakePublications } from "../../gateways/exchange/take-publications.ts";
import { decide, mailboxOf, verifyRegister } from "../../certs/trust/index.ts";
import { copyKinds } from "../../schemas/copies/index.ts";
import { decodeMessage, parseEnvelope, parseFeedChannel } from "../../schemas/index.ts";
import { type Bytes, isFault, parseUuid } from "../../schemas/ground/index.ts";
import { type Draw, makeDraw } from "../fuzz/draw.ts";
import { handedOf, type MadeOffice, makeOffice } from "./gateway-office.ts";
import type { GatewayWorld } from "./gateway-world.ts";
import { readTree } from "./read-tree.ts";
import { financialActs, submissionOf, unitActs, wide } from "./protected-messages.ts";

/** Everyone in these worlds: four states, two agencies each. */
export const courseAgencies: readonly string[] = ["ng", "gh", "sn", "ci"].flatMap((state) => [
  `${state}/tcu`,
  `${state}/fiu`,
]);

/** Somebody who is written about, and whom it is kept from. */
interface Person {
  /** Stands in every message about him. */
  readonly mark: string;
  readonly states: readonly string[];
  readonly agencies: readonly string[];
  readonly told: { readonly id: string; readonly by: string; readonly holders: Set<string> }[];
}

/** What came of a course. */
export interface Course {
  /** Where something came to one who must not have it; empty when all is well. */
  readonly leaks: readonly string[];
  /** How often each act was done, and how often refused. */
  readonly done: ReadonlyMap<string, { sent: number; refused: number }>;
}

/** One world with its offices, and a hub in the middle that hands out whatever a connection would get. */
class ProtectedCourse {
  readonly #world: GatewayWorld;
  readonly #draw: Draw;
  /** States whose unit reads no feed here. */
  readonly #deaf: ReadonlySet<string>;
  readonly #offices: ReadonlyMap<string, MadeOffice>;
  readonly #received = new Map<string, Bytes[]>();
  readonly #delivered = new Map<string, number>();
  readonly #people: Person[] = [];
  readonly done = new Map<string, { sent: number; refused: number }>();
  /** By whom which ids were asked about. */
  readonly #guessed = new Set<string>();
  readonly #given: string[] = [];
  #acts = 0;

  constructor(world: GatewayWorld, seed: string) {
    this.#draw = makeDraw(seed);
    // who reads the feed differs from world to world, so that now and then it is safe for somebody
    const isDeaf = (): boolean => this.#draw.below(2) === 0;
    this.#deaf = new Set(["gh", "sn", "ci"].filter(isDeaf));
    const register = world.publish((now) => ({ ...now, mandates: now.mandates.map(wide).filter(({ agency, action, scope }) => scope === "direct" || action === "PUBLISH" || !this.#deaf.has(agency.slice(0, 2))) })); // prettier-ignore
    this.#world = { ...world, view: verifyRegister(register, world.anchors) };
    this.#offices = new Map(courseAgencies.map((name) => [name, makeOffice(this.#world, name)]));
  }

  #office(agency: string): MadeOffice {
    const found = this.#offices.get(agency);
    if (found === undefined) throw new Error(`no office of ${agency}`);
    return found;
  }

  #note(act: string, isSent: boolean): void {
    const count = this.done.get(act) ?? { sent: 0, refused: 0 };
    count[isSent ? "sent" : "refused"] += 1;
    this.done.set(act, count);
  }

  /** To whose connection the hub would hand it: it knows no more than what stands outside. */
  #readersOf(raw: Bytes, subject: string, by: string): readonly string[] {
    const { view, now } = this.#world;
    const { scope, mailboxes, originator } = parseEnvelope(decodeMessage(raw).envelope);
    if (scope === "DIRECT") {
      return courseAgencies.filter((one) =>
        view.mailboxKeys.some((key) => mailboxes.includes(mailboxOf(key, one)) && subject.includes(mailboxOf(key, one))),
      );
    }
    const { rec, ...content } = parseFeedChannel(subject.split(".").slice(1, 6).join("."));
    return courseAgencies.filter((agency) => agency !== by && decide(view, { action: "READ", agency, originator, scope: rec, ...content }, now).allow);
  } // prettier-ignore

  /** Hands out everything that stands in outboxes and was not handed out yet, until nothing is left. */
  async #deliver(): Promise<void> {
    for (let isMore = true; isMore;) {
      isMore = false;
      for (const [agency, office] of this.#offices) {
        const from = this.#delivered.get(agency) ?? 0;
        const waiting = office.store.outbox.waiting(10_000).map((seq) => office.store.outbox.get(seq)?.message ?? 0);
        const fresh = [...new Set(waiting)].filter((seq) => seq > from).toSorted((a, b) => a - b);
        this.#delivered.set(agency, Math.max(from, ...fresh));
        for (const seq of fresh) await this.#handOut(office, seq);
        isMore ||= fresh.length > 0;
      }
    }
  } // prettier-ignore

  async #handOut(office: MadeOffice, seq: number): Promise<void> {
    const raw = office.store.messages.get(seq)?.raw ?? new Uint8Array();
    for (const one of handedOf(office, seq)) {
      for (const reader of this.#readersOf(raw, one.subject, office.agency)) {
        this.#received.set(reader, [...(this.#received.get(reader) ?? []), one.bytes]);
        const take = makeTakePublications(this.#office(reader), {
          refreshRegister: () => Promise.resolve(false),
          held: () => undefined,
        });
        await take([one]);
      }
    }
  }

  async #send(by: string, submission: object, act: string): Promise<string | undefined> {
    this.#acts += 1;
    const office = this.#office(by);
    const before = office.store.outbox.countWaiting();
    try {
      const { id, audience } = await submit(office, submission, `act ${this.#acts}`);
      if (audience.length === 0) throw new Error("sent to nobody");
      await this.#deliver();
      this.#note(act, true);
      return id;
    } catch (error) {
      if (!isFault(error)) throw error;
      this.#note(act, false);
      this.#note(`${act}: ${error.code} ${error.violations.map(({ code }) => code).join()}`, false);
      if (office.store.outbox.countWaiting() !== before) throw new Error("a refusal left something", { cause: error }); // prettier-ignore
      return undefined;
    }
  }

  #holdersOf(id: string): Set<string> {
    const bytes = parseUuid(id);
    return new Set(
      courseAgencies.filter((one) => this.#office(one).store.messages.find(bytes)?.parts !== undefined),
    );
  } // prettier-ignore

  #isOut({ states, agencies }: Person, agency: string): boolean {
    return states.includes(agency.slice(0, 2).toUpperCase()) || agencies.includes(agency);
  }

  async #tell(person: Person, { by, submission, act }: { by: string; submission: object; act: string }): Promise<void> {
    const id = await this.#send(by, submission, act);
    if (id !== undefined) person.told.push({ id, by, holders: this.#holdersOf(id) });
  } // prettier-ignore

  /** The first message about somebody: whom it is kept from is said here and never again. */
  async #begin(): Promise<void> {
    const by = this.#draw.oneOf(courseAgencies) ?? "";
    const own = by.slice(0, 2).toUpperCase();
    const type = by.endsWith("fiu") ? "fiu.request" : this.#draw.pick(["alert.incident", "alert.incident", "request.information"]);
    // of those who read the feed nobody can be kept from what stands in it: that is tried as well, but not always
    const isSafe = type === "alert.incident" && this.#draw.below(3) > 0;
    const states = ["NG", "GH", "SN", "CI"].filter(
      (state) => state !== own && (!isSafe || this.#deaf.has(state.toLowerCase())) && this.#draw.below(2) === 0,
    );
    const agencies = courseAgencies.filter((one) => one !== by && this.#draw.below(9) === 0);
    const mark = `MARK-${this.#people.length}-${this.#draw.below(1_000_000_000)}-END`;
    const person = { mark, states, agencies, told: [] };
    const kept = { protectedFrom: states, excludedRecipients: agencies };
    const same = courseAgencies.filter((one) => one.slice(3) === by.slice(3) && one !== by && !this.#isOut(person, one));
    const to = this.#draw.oneOf(same);
    if (to === undefined) return;
    this.#people.push(person);
    const { now } = this.#world;
    await this.#tell(person, { by, act: `new ${type}`, submission: submissionOf(type, { mark, to, kept, now }) });
  } // prettier-ignore

  /** An answer answers; what begins something new may be in the thread, or in the place of one's own earlier word. */
  #reference(type: string, { by, about }: { by: string; about: { readonly id: string; readonly by: string } }): object {
    const ways = [{ inReplyTo: about.id }, { threadId: about.id }, { supersedes: about.id }];
    const isNew = ["request.information", "fiu.request", "alert.update"].includes(type);
    if (isNew) return ways[this.#draw.below(about.by === by ? 3 : 2)] ?? {};
    // what names its message in the body alone is about it all the same
    return type.startsWith("fiu.") || this.#draw.below(2) === 0 ? (ways[0] ?? {}) : {};
  } // prettier-ignore

  /** Somebody who holds a message about somebody writes about it, to anyone at all. */
  async #goOn(person: Person): Promise<void> {
    const about = this.#draw.oneOf(person.told);
    const by = this.#draw.oneOf([...(about?.holders ?? [])]);
    if (about === undefined || by === undefined) return;
    const isFinancial = by.endsWith("fiu");
    const type = isFinancial ? this.#draw.pick(financialActs) : this.#draw.pick(unitActs);
    const to = this.#draw.oneOf(courseAgencies.filter((one) => one !== by && one.slice(3) === by.slice(3))) ?? "";
    const { mark } = person;
    const { now } = this.#world;
    const whole = submissionOf(type, { mark, about: about.id, to, kept: {}, now });
    const { inReplyTo: _reply, ...unreplied } = whole;
    const act = this.#isOut(person, to) && !type.startsWith("alert.") ? `${type} to one it is kept from` : type;
    await this.#tell(person, { by, act, submission: { ...unreplied, ...this.#reference(type, { by, about }) } });
  } // prettier-ignore

  /** A holder makes a copy and gives it to whom he made it for. */
  #copy(person: Person): void {
    const about = this.#draw.oneOf(person.told);
    const by = this.#draw.oneOf([...(about?.holders ?? [])]);
    const to = this.#draw.oneOf(courseAgencies);
    if (about === undefined || by === undefined || to === undefined) return;
    const act = this.#isOut(person, to) ? "copy for one it is kept from" : "copy";
    try {
      const bytes = copyOf(this.#office(by), about.id, { kind: this.#draw.pick(copyKinds), to });
      this.#received.set(to, [...(this.#received.get(to) ?? []), bytes]);
      this.#note(act, true);
    } catch (error) {
      if (!isFault(error)) throw error;
      this.#note(act, false);
    }
  }

  /** One it is kept from has guessed an id, and asks for its key. */
  async #askForKey(person: Person): Promise<void> {
    const about = this.#draw.oneOf(person.told);
    const others = courseAgencies.filter((one) => one.endsWith("tcu") && this.#isOut(person, one));
    const by = this.#draw.oneOf(others);
    if (about === undefined || by === undefined || by === about.by) return;
    const body = { messageIds: [about.id], registerEpoch: this.#world.view.epoch };
    this.#guessed.add(`${by} ${about.id}`);
    const request = { type: "key.request", crimes: ["drugs"], recipients: [about.by], handling: "H1", body };
    await this.#send(by, request, "a key is asked for by one it is kept from");
    const { store } = this.#office(about.by);
    const before = store.outbox.countWaiting();
    await answerKeyRequests(this.#office(about.by), () => undefined);
    // whatever is answered is a key of what he asked about
    if (store.outbox.countWaiting() > before) this.#given.push(`${by} was given a key of ${about.id}`);
    await this.#deliver();
  } // prettier-ignore

  async run(acts: number): Promise<void> {
    for (let i = 0; i < acts; i += 1) {
      const person = this.#draw.oneOf(this.#people.filter(({ told }) => told.length > 0));
      const turn = this.#draw.below(10);
      if (person === undefined || turn < 2) await this.#begin();
      else if (turn < 7) await this.#goOn(person);
      else if (turn < 9) this.#copy(person);
      else await this.#askForKey(person);
    }
  }

  /** Every byte an agency holds or ever received. */
  #bytesOf(agency: string): { readonly held: Buffer; readonly shown: Buffer } {
    const { dir, store } = this.#office(agency);
    const files = [...readTree(dir)].map(({ bytes }) => bytes);
    const opened = store.messages
      .list({ box: "in", limit: 10_000 })
      .map(({ seq }) => store.messages.get(seq)?.parts ?? new Uint8Array());
    const shown = Buffer.concat([...files, ...(this.#received.get(agency) ?? [])]);
    return { held: Buffer.concat([shown, ...opened]), shown };
  }

  /** What came to one whom it is kept from. A state is not even to learn that there is something. */
  leaks(): readonly string[] {
    const found = courseAgencies.flatMap((agency) => {
      const { held, shown } = this.#bytesOf(agency);
      return this.#people
        .filter((person) => this.#isOut(person, agency))
        .flatMap(({ mark, states, told }) => {
          // what one wrote of one's own accord, or asked about by a guessed id, one knows in any case
          const isState = states.includes(agency.slice(0, 2).toUpperCase());
          const read = held.includes(mark) ? [`${agency} holds ${mark}`] : [];
          const ids = isState ? told.filter(({ id }) => !this.#guessed.has(`${agency} ${id}`)) : [];
          const seen = ids.filter(
            ({ id }) => shown.includes(id) || shown.includes(Buffer.from(parseUuid(id))),
          );
          return [...read, ...seen.map(({ id }) => `${agency} has seen ${id} of ${mark}`)];
        });
    });
    return [...this.#given, ...found];
  }

  close(): void {
    for (const office of this.#offices.values()) office.close();
  }
}

/** Runs one course in a world of `courseAgencies`, and searches every byte after it. */
export async function runCourse(
  world: GatewayWorld,
  { seed, acts }: { seed: string; acts: number },
): Promise<Course> {
  const course = new ProtectedCourse(world, seed);
  try {
    await course.run(acts);
    return { leaks: course.leaks(), done: course.done };
  } finally {
    course.close();
  }
}
