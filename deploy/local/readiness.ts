import type { Clock } from "../../schemas/ground/index.ts";

/** A gateway that was started, and where its API is. */
export interface StartedGateway {
  readonly agency: string;
  readonly port: number;
}

/** How far a gateway has come: it says nothing, it answers, it reaches the hub. */
export type GatewayStanding = "SILENT" | "ANSWERS" | "LINKED";

/** What waiting is done with. */
export interface Waiting {
  readonly clock: Pick<Clock, "elapsed" | "sleep">;
  readonly ask: (port: number) => Promise<GatewayStanding>;
  /** Progress, in plain words. */
  readonly say: (text: string) => void;
  readonly patienceMs: number;
}

const lookMs = 500;
const tellMs = 3_000;
/** So many are named; of more it is said how many there are. */
const maxNamed = 6;

function nameSome(agencies: readonly string[]): string {
  const more = agencies.length - maxNamed;
  const named = agencies.slice(0, maxNamed).join(", ");
  return more > 0 ? `${named} and ${more} more` : named;
}

type Standings = ReadonlyMap<string, GatewayStanding>;

function agenciesAt(standings: Standings, standing: GatewayStanding): readonly string[] {
  return [...standings].filter(([, one]) => one === standing).map(([agency]) => agency);
}

/** Who is not there yet, in a sentence; "" when all are. */
export function renderMissing(standings: Standings): string {
  const silent = agenciesAt(standings, "SILENT");
  const unlinked = agenciesAt(standings, "ANSWERS");
  return [
    ...(silent.length > 0 ? [`no answer from the gateway of ${nameSome(silent)}`] : []),
    ...(unlinked.length > 0 ? [`no link to the hub at ${nameSome(unlinked)}`] : []),
  ].join("; ");
}

function renderProgress(standings: Standings): string {
  const linked = agenciesAt(standings, "LINKED").length;
  const answering = linked + agenciesAt(standings, "ANSWERS").length;
  return `${answering} of ${standings.size} gateways answer, ${linked} have their link …`;
}

/**
 * Waits until every gateway answers and has its link, for so long at most, and says how it goes on while it changes.
 *
 * @returns how far each came; all are LINKED unless time ran out
 */
export async function waitForGateways(
  gateways: readonly StartedGateway[],
  { clock, ask, say, patienceMs }: Waiting,
): Promise<Standings> {
  const standings = new Map<string, GatewayStanding>();
  const until = clock.elapsed() + patienceMs;
  let told = { text: "", at: clock.elapsed() };
  for (;;) {
    // one that has its link is not asked again: links may come and go, and everybody would wait for everybody
    const waiting = gateways.filter(({ agency }) => standings.get(agency) !== "LINKED");
    const answers = await Promise.all(waiting.map(({ port }) => ask(port)));
    for (const [at, { agency }] of waiting.entries()) {
      standings.set(agency, answers[at] ?? "SILENT");
    }
    const now = clock.elapsed();
    if (renderMissing(standings) === "" || now >= until) return standings;
    const text = renderProgress(standings);
    if (text !== told.text && now - told.at >= tellMs) {
      say(text);
      told = { text, at: now };
    }
    await clock.sleep(lookMs);
  }
}
