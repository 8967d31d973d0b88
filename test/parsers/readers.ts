import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A program that reads what we read, by its language's usual means. */
export interface Reader {
  readonly language: string;
  /** One answer for each line. @throws {Error} when it ends otherwise */
  read(lines: readonly string[]): readonly string[];
}

const root = join(import.meta.dirname, "../..");
const sources = join(import.meta.dirname, "others");
/** What is fetched and built once stays here; the folder is in no clone. */
const place = join(root, ".tools/parsers");

const maxOutput = 1 << 30;

interface Ran {
  readonly isGood: boolean;
  readonly out: string;
  readonly err: string;
}

function run(command: readonly string[], input = "", env: NodeJS.ProcessEnv = {}): Ran {
  const [file = "", ...args] = command;
  const { status, stdout, stderr } = spawnSync(file, args, { input, encoding: "utf8", maxBuffer: maxOutput, timeout: 240_000, cwd: place, env: { ...process.env, ...env } }); // prettier-ignore
  return { isGood: status === 0, out: stdout ?? "", err: stderr ?? "" };
}

function readerOf(language: string, command: readonly string[], env: NodeJS.ProcessEnv = {}): Reader {
  return {
    language,
    read: (lines) => {
      const { isGood, out, err } = run(command, `${lines.join("\n")}\n`, env);
      const answers = out.split("\n").slice(0, -1);
      if (isGood && answers.length === lines.length) return answers;
      throw new Error(`${language} answered ${answers.length} of ${lines.length}: ${err.slice(0, 400)}`);
    },
  };
} // prettier-ignore

function has(command: string): boolean {
  mkdirSync(place, { recursive: true });
  return run(["sh", "-c", `command -v ${command}`]).isGood;
}

function buildGo(name: string, modules: readonly string[]): string | undefined {
  if (!has("go")) return undefined;
  const folder = join(place, name);
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(sources, `${name}.go`), join(folder, "main.go"));
  if (!existsSync(join(folder, "go.mod"))) writeFileSync(join(folder, "go.mod"), "module readers\n\ngo 1.24\n"); // prettier-ignore
  const built = [...modules.map((one) => ["go", "get", one]), ["go", "build", "-o", "reader", "."]].every(
    (command) => run(["sh", "-c", `cd ${name} && ${command.join(" ")}`]).isGood,
  ); // prettier-ignore
  return built ? join(folder, "reader") : undefined;
}

function fetchJar(coordinates: string): string | undefined {
  const [, artifact = "", version = ""] = coordinates.split(":");
  const jar = join(place, "jars", `${artifact}-${version}.jar`);
  if (!existsSync(jar)) run(["mvn", "-q", "dependency:copy", `-Dartifact=${coordinates}`, `-DoutputDirectory=${join(place, "jars")}`]); // prettier-ignore
  return existsSync(jar) ? jar : undefined;
}

function buildJava(name: string, coordinates: string): readonly string[] | undefined {
  if (!has("javac") || !has("mvn")) return undefined;
  const jar = fetchJar(coordinates);
  if (jar === undefined) return undefined;
  const classes = join(place, name);
  const built = run(["javac", "-nowarn", "-cp", jar, "-d", classes, join(sources, `${name}.java`)]);
  return built.isGood ? ["java", "-Xss64m", "-cp", `${jar}:${classes}`, name] : undefined;
}

function known(all: readonly (Reader | undefined)[]): readonly Reader[] {
  return all.filter((one) => one !== undefined);
}

/** Readers of JSON that need nothing but what a machine has: none is fetched. */
export function openNearReaders(): readonly Reader[] {
  const go = buildGo("read_json", []);
  return known([
    has("python3") ? readerOf("Python", ["python3", join(sources, "read_json.py")]) : undefined,
    go === undefined ? undefined : readerOf("Go", [go]),
  ]);
}

/** Every reader of JSON that can be built here; Java's own library has none, so one is fetched. */
export function openJsonReaders(): readonly Reader[] {
  const java = buildJava("ReadJson", "com.fasterxml.jackson.core:jackson-core:2.18.2");
  return [...openNearReaders(), ...known([java === undefined ? undefined : readerOf("Java", java)])];
} // prettier-ignore

function openPython(set: string): Reader | undefined {
  const packages = join(place, "python");
  const pip = ["python3", "-m", "pip", "install", "-q", "--target", packages, "protobuf"];
  if (!has("python3") || (!existsSync(join(packages, "google")) && !run(pip).isGood)) return undefined;
  return readerOf("Python", ["python3", join(sources, "read_proto.py"), set], { PYTHONPATH: packages });
} // prettier-ignore

/** Every reader of Protocol Buffers that can be built here, by the schemas as buf reads them. */
export function openProtoReaders(): readonly Reader[] {
  mkdirSync(place, { recursive: true });
  const set = join(place, "schemas.binpb");
  const buf = join(root, "node_modules/.bin/buf");
  if (!run([buf, "build", join(root, "schemas/proto"), "-o", set]).isGood) return [];
  const go = buildGo("read_proto", ["google.golang.org/protobuf@v1.36.12"]);
  const java = buildJava("ReadProto", "com.google.protobuf:protobuf-java:4.29.3");
  return known([
    openPython(set),
    go === undefined ? undefined : readerOf("Go", [go, set]),
    java === undefined ? undefined : readerOf("Java", [...java, set]),
  ]);
}
