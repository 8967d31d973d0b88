import { signMetadata } from "../../../certs/authority/index.ts";
import {
  parseRegister,
  type RepositoryFiles,
  renderRegister,
  rolePath,
  timestampPath,
  verifyRegister,
} from "../../../certs/trust/index.ts";
import { type Bytes, isFault, utf8 } from "../../../schemas/ground/index.ts";
import {
  type Fields,
  type MadeRepository,
  makeRepository,
  repositoryNow,
} from "../../kit/repository.ts";
import { pack, unpack } from "../pack.ts";
import { certain, hold } from "../promises.ts";
import { type Target, textOf } from "../target.ts";

/** Where metadata belongs that says of itself what it is, and who signs it. */
function placeOf(
  { hands }: MadeRepository,
  signed: Fields,
): { path: string; keys: MadeRepository["hands"]["root"]["keys"] } {
  const type = signed["_type"];
  if (type === "root") return { path: rolePath("root", 2), keys: hands.root.keys };
  if (type === "snapshot") return { path: rolePath("snapshot", 1), keys: hands.snapshot.keys };
  if (type === "timestamp") return { path: timestampPath, keys: hands.timestamp.keys };
  if ("delegations" in signed) return { path: rolePath("targets", 1), keys: hands.targets.keys };
  const role = JSON.stringify(signed["targets"] ?? "").includes("gh/") ? "gh" : "ng";
  return { path: rolePath(role, 1), keys: hands[role].keys };
}

function readFields(text: string): Fields {
  try {
    return { ...(JSON.parse(text) as Fields) };
  } catch {
    return {};
  }
}

/** The repository in which somebody who may signed whatever this says, and all above it name it. */
function withSigned(made: MadeRepository, whole: RepositoryFiles, text: string): RepositoryFiles {
  const { path, keys } = placeOf(made, readFields(text));
  let file = utf8(`{"signatures":[],"signed":${text}}`);
  try {
    file = keys.reduce(signMetadata, file);
  } catch (error) {
    // what the tool will not sign is shown to readers as it is
    if (!isFault(error)) throw error;
  }
  const next = new Map(whole).set(path, file);
  if (path === timestampPath || path.endsWith(".root.json")) return next;
  // what stands above names the very bytes, and every signature is another
  if (path.endsWith(".snapshot.json")) return made.stamp(next, repositoryNow + 86_400_000);
  return made.seal(new Map(made.parts).set(path, file));
}

function checkView(made: MadeRepository, files: RepositoryFiles): void {
  const anchors = { root: made.root };
  const bytes = renderRegister(files);
  const view = verifyRegister(bytes, anchors);
  hold(
    view.agencies.every(({ agency, authority }) => agency.startsWith(`${authority}/`)),
    "an authority speaks of another's agency",
  );
  hold(view.trusted.root.version <= 2, "a root that nobody signed is followed");
  const again = certain("the same register", () => verifyRegister(bytes, anchors, view));
  hold(again.key === view.key, "a register is read in two ways");
}

/** Readers of the register's repository: metadata that its signers signed, and files that somebody carried. */
export function makeRepositoryTargets(): readonly Target[] {
  const made = makeRepository();
  const whole = made.seal(made.parts);
  const files = [...whole.values(), made.nextRoot({}).metadata];
  const signed = files.flatMap((file) => {
    const fields = readFields(textOf(file));
    return "signed" in fields ? [utf8(JSON.stringify(fields["signed"]))] : [];
  });
  // the root that is trusted stands in no place where a next one is looked for
  const isFirstRoot = (text: string): boolean =>
    text.includes('"root"') && /"version":1,/.test(text);
  const paths = [...whole.keys()];
  return [
    {
      name: "certs/verifyRegister metadata signed",
      shape: "json",
      codes: ["REGISTER_"],
      seeds: signed.filter((one) => !isFirstRoot(textOf(one))),
      material: signed,
      run: (input) => checkView(made, withSigned(made, whole, textOf(input))),
    },
    {
      name: "certs/verifyRegister files carried",
      shape: "proto",
      seeds: [pack(...[...whole.values()].map((one) => Buffer.from(one)))],
      run: (input) => {
        const piece = unpack(input);
        const carried = new Map<string, Bytes>(paths.map((path, at) => [path, piece(at)]));
        const view = verifyRegister(renderRegister(carried), { root: made.root });
        const good = verifyRegister(renderRegister(whole), { root: made.root });
        hold(view.key === good.key, "a changed file is taken");
        hold(parseRegister(renderRegister(carried)).size === paths.length, "a file is lost");
      },
    },
  ];
}
