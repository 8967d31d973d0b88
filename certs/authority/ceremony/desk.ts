import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type Chance, type Clock, Fault, toFault } from "../../../schemas/ground/index.ts";
import type { Journal } from "../journal.ts";
import { makeTranscript, type Transcript } from "./transcript.ts";

/** The table that a ceremony is held at: where things are said and asked. */
export interface CeremonyDesk {
  readonly say: (text: string) => void;
  readonly ask: (question: string) => Promise<string>;
  /** Asks for a PIN without showing it; it goes into no transcript. */
  readonly askPin: (token: string) => Promise<string>;
  readonly clock: Clock;
  readonly chance: Chance;
}

/** A ceremony under way: all that is said and answered is in its transcript. */
export interface Ceremony extends CeremonyDesk {
  /** The two who hold it; each confirms what is signed. */
  readonly officers: readonly [string, string];
}

/** Which ceremony, and the folder whose journal and transcripts tell of it. */
export interface CeremonyPlan {
  readonly act: "root" | "request" | "sign" | "install" | "list";
  readonly folder: string;
  /** Opened where the ceremony begins; the folder must be there. */
  readonly openJournal: () => Journal;
}

const maxNameLength = 80;

function record(desk: CeremonyDesk, transcript: Transcript): CeremonyDesk {
  const note = (said: string): void => transcript.add(desk.clock.now(), said);
  return {
    ...desk,
    say: (text) => {
      note(text);
      desk.say(text);
    },
    ask: async (question) => {
      const answer = (await desk.ask(question)).trim();
      note(`${question} — ${answer}`);
      return answer;
    },
    askPin: async (token) => {
      const pin = await desk.askPin(token);
      note(`the PIN of token ${token} was typed`);
      return pin;
    },
  };
}

async function askOfficers(desk: CeremonyDesk): Promise<readonly [string, string]> {
  const first = await desk.ask("Name of the first officer");
  const second = await desk.ask("Name of the second officer");
  const named = [first, second].every(({ length }) => length >= 2 && length <= maxNameLength);
  if (!named || first.toLowerCase() === second.toLowerCase())
    throw new Fault("CEREMONY_REFUSED", "a key ceremony is held by two different people, by name");
  return [first, second];
}

function keep({ act, folder }: CeremonyPlan, desk: CeremonyDesk, transcript: Transcript): string {
  const stamp = String(desk.clock.now());
  const file = join(folder, "transcripts", `${stamp}-${act}.txt`);
  try {
    mkdirSync(join(folder, "transcripts"), { recursive: true, mode: 0o700 });
    writeFileSync(file, transcript.text(), { flag: "wx", flush: true });
    return file;
  } catch (error) {
    throw toFault(error, "STORE_WRITE_FAILED", `${file}: the transcript could not be written`);
  }
}

/**
 * Holds a ceremony: asks for its two officers, does `work`, and keeps the transcript, whose digest goes into
 * the journal; also when it is stopped.
 *
 * @throws {Fault} CEREMONY_REFUSED, STORE_WRITE_FAILED, and what `work` throws
 */
export async function holdCeremony<T>(
  { desk, plan }: { readonly desk: CeremonyDesk; readonly plan: CeremonyPlan },
  work: (ceremony: Ceremony, journal: Journal) => Promise<T>,
): Promise<T> {
  const transcript = makeTranscript();
  const recorded = record(desk, transcript);
  const journal = plan.openJournal();
  const close = (): string => {
    const file = keep(plan, desk, transcript);
    const digest = transcript.digest();
    journal.append({ event: "ceremony", at: desk.clock.now(), act: plan.act, digest });
    return file;
  };
  try {
    recorded.say(`Ceremony "${plan.act}" of folder ${plan.folder}`);
    const done = await work({ ...recorded, officers: await askOfficers(recorded) }, journal);
    recorded.say("The ceremony is complete. Print the transcript; both officers sign it by hand.");
    desk.say(`Transcript: ${close()}`);
    return done;
  } catch (error) {
    const { code, detail } = toFault(error, "INTERNAL");
    recorded.say(`Stopped: ${detail} (${code})`);
    close();
    throw error;
  } finally {
    journal.stop();
  }
}
