import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { makeRoot } from "../../certs/authority/index.ts";
import { makeHeldKey, makeKeyPair } from "../../certs/keys/index.ts";
import { runHouse } from "./house-run.ts";
import { makeSeededChance, renderBase64url, systemClock } from "../../schemas/ground/index.ts";

/** What a command said, and how it ended. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The content of an edited file, of whichever part it is. */
export interface EditContent {
  region: Record<string, unknown>;
  delegations: { authority: string; threshold: number; keys: string[] }[];
  state: Record<string, unknown>;
  officers: { name: string; key: string }[];
}

/** Offices in one temporary folder, each in one of its own, and people who type commands. */
export interface RegisterDesk {
  readonly base: string;
  readonly now: () => number;
  /** Lets time pass. */
  readonly wait: (ms: number) => void;
  /** What is typed when a command asks; then no. */
  readonly answer: (text: string) => void;
  /** Runs one command; a part in quotes is one word. */
  readonly run: (words: string) => Promise<Ran>;
  /** Runs a command that must go well; its words. */
  readonly good: (words: string) => Promise<string>;
  /** Runs a command that must be refused without a result; the exit code and the fault. */
  readonly refused: (words: string) => Promise<readonly [number, string]>;
  readonly read: (file: string) => string;
  readonly write: (file: string, text: string) => void;
  /** The public half of a key as edited files spell it. */
  readonly keyOf: (file: string) => string;
  /** Takes a part as it is, edits it, and gives the file's name. */
  readonly edit: (office: string, part: string, change: (content: EditContent) => unknown) => Promise<string>;
  readonly stop: () => void;
} // prettier-ignore

/** Who may propose and accept in each office of the story. */
export const storyOfficers = {
  region: ["ama.key", "kofi.key"],
  ng: ["ngozi.key", "emeka.key"],
  gh: ["esi.key", "yaw.key"],
} as const;

const keys = [
  ...Object.values(storyOfficers).flat(),
  ...[1, 2, 3, 4, 5, 6].map((at) => `root-${at}.key`),
  ...[1, 2, 3].flatMap((at) => [`registrar-${at}.key`, `gh-${at}.key`]),
  ...["snapshot", "timestamp", "ng", "ng-2", "kwame"].map((one) => `${one}.key`),
];

/** Makes the offices' table, with the keys of everybody. The time is today's: the other reader asks the machine's. */
export async function makeRegisterDesk(): Promise<RegisterDesk> {
  const base = mkdtempSync(join(tmpdir(), "register-office-"));
  const answers: string[] = [];
  let [now, edits] = [Date.now(), 0];
  const read = (file: string): string => readFileSync(join(base, file), "utf8");
  const write = (file: string, text: string): void => writeFileSync(join(base, file), text);
  const run: RegisterDesk["run"] = async (words) => {
    now += 1000;
    let [out, err] = ["", ""];
    const split = [...words.matchAll(/"([^"]*)"|(\S+)/g)];
    const code = await runHouse({
      args: ["register", ...split.map(([, quoted, plain]) => quoted ?? plain ?? "")],
      cwd: base,
      out: (text) => (out += text),
      err: (text) => (err += text),
      ask: () => Promise.resolve(answers.shift() ?? "no"),
      clock: { ...systemClock, now: () => now },
    });
    return { code, out, err };
  };
  const good: RegisterDesk["good"] = async (words) => {
    const { code, out, err } = await run(words);
    if (code !== 0) throw new Error(`${words}\nended with ${code}: ${err}`);
    return out;
  };
  const edit: RegisterDesk["edit"] = async (office, part, change) => {
    edits += 1;
    const file = `edit-${edits}.json`;
    await good(`show --folder ${office} --part ${part} --out ${file}`);
    const held = JSON.parse(read(file)) as { content: EditContent };
    change(held.content);
    write(file, JSON.stringify(held));
    return file;
  };
  for (const [at, key] of keys.entries()) {
    await good(`key make ${key} --kind ${at % 2 === 0 ? "P-256" : "Ed25519"}`);
  }
  return {
    base,
    now: () => now,
    wait: (ms) => void (now += ms),
    answer: (text) => void answers.push(text),
    run,
    good,
    refused: async (words) => {
      const { code, out, err } = await run(words);
      if (out !== "") throw new Error(`${words}\nwas not refused: ${out}`);
      return [code, /Code ([A-Z_]+)\./.exec(err)?.[1] ?? err];
    },
    read,
    write,
    keyOf: (file) => {
      const pem = read(`${file}.pub`).replace(/-----[A-Z ]+-----|\s/g, "");
      return renderBase64url(Buffer.from(pem, "base64"));
    },
    edit,
    stop: () => rmSync(base, { recursive: true }),
  };
} // prettier-ignore

/** One line of right, and both lines that an agency of the story has. */
export const storyLine = {
  action: "READ",
  scope: "ecowas",
  types: ["alert.*"],
  crimes: ["drugs"],
  handlingUpTo: "H2",
  from: "2020-01-01T00:00:00.000Z",
} as const;

/** What an agency may read and send. */
export function storyLines(agency: string): readonly object[] {
  return ["READ", "PUBLISH"].map((action) => ({ ...storyLine, action, agency }));
}

/** The root certificate of an authority, as edited files spell it. */
export async function makeStoryRoot(authority: string, now: number): Promise<string> {
  const chance = makeSeededChance(authority);
  const root = await makeRoot(makeHeldKey(makeKeyPair("P-384")), { authority, now, chance });
  return renderBase64url(root.der);
}

/** One officer of the office proposes the change in the file, another accepts it; what it was told to mean. */
export async function agree(
  { good }: RegisterDesk,
  { office, part = office, by }: { office: string; part?: string; by: readonly [string, string] },
  file: string,
): Promise<string> {
  await good(`propose ${file} --folder ${office} --as ${by[0]} --reason "as discussed"`);
  const told = await good(`diff ${part} --folder ${office}`);
  await good(`accept ${part} --folder ${office} --as ${by[1]} --yes`);
  return told;
}

/** Begins the office of the region: root 3 of 5, registrars 2 of 3. The root is signed by nobody yet. */
export function beginRegion({ good }: RegisterDesk): Promise<string> {
  const holders = [1, 2, 3, 4, 5].map((at) => `root-${at}.key.pub`).join(" ");
  const registrars = [1, 2, 3].map((at) => `registrar-${at}.key.pub`).join(" ");
  return good(
    'init --folder region --office region --officer "Ama Mensah=ama.key.pub" --officer "Kofi Boateng=kofi.key.pub" ' +
      `--root-key ${holders} --root-threshold 3 --registrar-key ${registrars} --registrar-threshold 2 ` +
      "--snapshot-key snapshot.key.pub --timestamp-key timestamp.key.pub",
  );
}

/** The region's first part: ng signs with one key, gh with two of three. */
export async function editRegion({ edit, keyOf, now }: RegisterDesk): Promise<string> {
  const [ng, gh] = [await makeStoryRoot("ng", now()), await makeStoryRoot("gh", now())];
  return await edit("region", "region", (content) => {
    const { from } = storyLine;
    content.region = {
      recs: [{ rec: "ecowas" }],
      memberships: ["ng", "gh"].map((authority) => ({ rec: "ecowas", authority, from })),
      authorities: [
        { authority: "ng", roots: [ng] },
        { authority: "gh", roots: [gh] },
      ],
      mandates: ["ng/tcu", "gh/tcu", "gh/fiu"].flatMap(storyLines),
      algorithms: [{ use: "SIGNATURE", name: "ES256", from }],
    };
    content.delegations = [
      { authority: "ng", threshold: 1, keys: [keyOf("ng.key")] },
      { authority: "gh", threshold: 2, keys: [1, 2, 3].map((at) => keyOf(`gh-${at}.key`)) },
    ];
  });
}

/** Begins the office of a state by the root it compared. */
export function beginState({ good }: RegisterDesk, state: "ng" | "gh"): Promise<string> {
  const names = { ng: ["Ngozi Obi", "Emeka Ade"], gh: ["Esi Owusu", "Yaw Darko"] };
  const officers = storyOfficers[state].map((key, at) => `--officer "${names[state][at]}=${key}.pub"`);
  const ground = "--register region/register.bin --root region/root.json";
  return good(`init --folder ${state} --office ${state} ${officers.join(" ")} ${ground}`);
} // prettier-ignore

/** Signs what is pending of a role with one key, without being asked. */
export function signRole({ good }: RegisterDesk, [office, role, key]: readonly [string, string, string]): Promise<string> {
  return good(`sign --folder ${office} --role ${role} --key ${key} --yes`);
} // prettier-ignore
