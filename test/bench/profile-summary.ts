import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface ProfileNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
  };
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** What one function cost by itself, of the time the process was busy. */
export interface SelfTime {
  readonly name: string;
  /** File and line, without the folders before ours. */
  readonly place: string;
  readonly share: number;
}

const atRest = new Set(["(idle)", "(root)"]);

function placeOf({ url, lineNumber }: ProfileNode["callFrame"]): string {
  const path = url.replace(/^.*\/(?=(?:schemas|certs|broker|gateways|test|node_modules)\/)/, "");
  return url === "" ? "" : `${path}:${lineNumber + 1}`;
}

/** Self time by function, dearest first; time at rest is left out of the whole. */
export function selfTimes(profile: Profile): readonly SelfTime[] {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const micros = new Map<string, { name: string; place: string; total: number }>();
  let busy = 0;
  profile.samples.forEach((id, i) => {
    const frame = frames.get(id);
    const delta = profile.timeDeltas[i] ?? 0;
    if (frame === undefined || atRest.has(frame.functionName)) return;
    busy += delta;
    const name = frame.functionName === "" ? "(anonymous)" : frame.functionName;
    const place = placeOf(frame);
    const held = micros.get(`${name} ${place}`) ?? { name, place, total: 0 };
    held.total += delta;
    micros.set(`${name} ${place}`, held);
  });
  return [...micros.values()]
    .map(({ name, place, total }) => ({ name, place, share: total / busy }))
    .toSorted((a, b) => b.share - a.share);
}

/** The dearest functions of every profile under a folder, as text. */
export function renderProfiles(folder: string, most = 25): string {
  return globSync("**/*.cpuprofile", { cwd: folder })
    .toSorted()
    .map((file) => {
      const profile = JSON.parse(readFileSync(join(folder, file), "utf8")) as Profile;
      const rows = selfTimes(profile)
        .slice(0, most)
        .map(
          ({ name, place, share }) =>
            `${(share * 100).toFixed(1).padStart(6)} %  ${name}  ${place}`,
        );
      return [`${file}: self time, of the time it was busy`, ...rows].join("\n");
    })
    .join("\n\n");
}
