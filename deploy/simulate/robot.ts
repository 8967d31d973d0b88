import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { makeAlert } from "./alerts.ts";
import type { PlayedAgency } from "./country.ts";
import { makeDraw } from "./draw.ts";
import { rest, type Stage } from "./play.ts";
import { type Asked, makeAcknowledgement, makeReply, type Submission } from "./replies.ts";
import { tryShape } from "../../schemas/ground/index.ts";

const pageShape = z.looseObject({
  next: z.string(),
  items: z.array(
    z.looseObject({ kind: z.string(), id: z.string(), box: z.string(), state: z.string() }),
  ),
});
const messageShape = z.looseObject({
  id: z.string().regex(/^[0-9a-f-]{36}$/),
  type: z.string().regex(/^[a-z_]{2,16}\.[a-z_]{2,31}$/),
  originator: z.string().regex(/^[a-z]{2,10}\/[a-z0-9-]{1,31}$/),
  crimes: z.array(z.string()),
  handling: z.string(),
  body: z.unknown(),
});
const sentShape = z.looseObject({ id: z.string() });
const problemShape = z.looseObject({ code: z.string().regex(/^[A-Z0-9_]{2,60}$/) });

const waitSeconds = 10;
const retryMs = 500;
/** So many requests wait for their late answer at once. */
const maxUnderWay = 200;

/** Plays the people of one agency, through its gateway's own API. */
export class Robot {
  readonly #agency: PlayedAgency;
  readonly #stage: Stage;
  readonly #underWay = new Set<Promise<void>>();
  #cursor: string | undefined;
  #alerts = 0;

  constructor(agency: PlayedAgency, stage: Stage) {
    this.#agency = agency;
    this.#stage = stage;
  }

  /** Answers what comes from now on, until all ends. A gateway that is away is waited for. */
  async answerAll(): Promise<void> {
    while (!this.#stage.signal.aborted) {
      if (!(await this.#round())) await rest(this.#stage, retryMs);
    }
    await Promise.all(this.#underWay);
  }

  /** Sends an alert. */
  async alert(): Promise<void> {
    this.#alerts += 1;
    const made = makeAlert(this.#agency.agency, this.#alerts);
    if (made !== undefined) await this.#send(made, `${this.#stage.play.seed}:alert:${this.#stage.clock.now()}`);
  }

  async #ask(path: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<unknown> {
    const token = readFileSync(join(this.#agency.dir, "api-token"), "utf8").trim();
    const headers = { ...init.headers, authorization: `Bearer ${token}` };
    const signal = AbortSignal.any([this.#stage.signal, AbortSignal.timeout(60_000)]);
    const answer = await fetch(`${this.#agency.url}${path}`, { ...init, headers, signal });
    return await answer.json();
  }

  /** Whether the gateway answered. */
  async #round(): Promise<boolean> {
    const from = this.#cursor === undefined ? "from=now&wait=0" : `cursor=${this.#cursor}&wait=${waitSeconds}`;
    try {
      const page = pageShape.parse(await this.#ask(`/v1/changes?${from}`));
      if (this.#cursor === undefined) this.#show({ did: "plays" });
      for (const { id, kind, box, state } of page.items) {
        if (kind === "stored" && box === "in") await this.#meet(id, state);
      }
      this.#cursor = page.next;
      return true;
    } catch {
      return false;
    }
  }

  #show(step: Omit<Parameters<Stage["show"]>[0], "agency">): void {
    this.#stage.show({ agency: this.#agency.agency, ...step });
  }

  async #meet(id: string, state: string): Promise<void> {
    if (state !== "VERIFIED") {
      this.#show({ did: "holds in quarantine", id });
      return;
    }
    const asked: Asked = messageShape.parse(await this.#ask(`/v1/messages/${id}`));
    this.#show({ did: "received", type: asked.type, id, to: this.#agency.agency });
    if (this.#underWay.size >= maxUnderWay) return;
    const answering = this.#answer(asked).catch(() => this.#show({ did: "could not answer", id }));
    this.#underWay.add(answering);
    void answering.then(() => this.#underWay.delete(answering));
  }

  async #answer(asked: Asked): Promise<void> {
    const { play, clock } = this.#stage;
    const how = { agency: this.#agency.agency, isRefusing: play.isRefusing, draw: makeDraw(play.seed) };
    for (const make of [makeAcknowledgement, makeReply]) {
      const made = make(asked, { ...how, now: clock.now() });
      if (made === undefined) continue;
      await rest(this.#stage, play.lateMs);
      const message = make(asked, { ...how, now: clock.now() }) ?? made;
      await this.#send(message, `${asked.id}:${message.type}`);
    }
  }

  /** Sends once, however often a gateway that is away has to be tried. */
  async #send(message: Submission, key: string): Promise<void> {
    const { signal, take } = this.#stage;
    if (signal.aborted || !take()) return;
    const body = JSON.stringify(message);
    const headers = { "content-type": "application/json", "idempotency-key": `simulate:${key}` };
    while (!signal.aborted) {
      try {
        const said = await this.#ask("/v1/messages", { method: "POST", headers, body });
        const sent = tryShape(sentShape, said);
        const problem = tryShape(problemShape, said);
        const { type } = message;
        if (sent.success) this.#show({ did: "sent", type, id: sent.data.id, to: toOf(message) });
        else this.#show({ did: "may not send", type, code: problem.success ? problem.data.code : "INTERNAL" });
        return;
      } catch {
        await rest(this.#stage, retryMs);
      }
    }
  }
} // prettier-ignore

function toOf({ recipients, recs }: Submission): string {
  const to = tryShape(z.array(z.string()), recipients ?? recs);
  return to.success ? to.data.join(", ") : "";
}
