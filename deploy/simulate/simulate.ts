import { Fault, toFault } from "../../schemas/ground/index.ts";
import type { Country, PlayedAgency } from "./country.ts";
import { openLyingHub } from "./forge.ts";
import { makeOwnGateways, type OwnGateways } from "./gateway-process.ts";
import { rest, type Stage } from "./play.ts";
import { Robot } from "./robot.ts";

const upMs = 20_000;
const downMs = 10_000;

/** Whose gateways are started by us: of a country all or none, or it would be half away. */
function chooseOwn({ agencies }: Country, isFlapping: boolean): boolean {
  const running = agencies.filter(({ isRunning }) => isRunning);
  const names = running.map(({ agency }) => agency).join(", ");
  if (running.length === 0) return true;
  if (running.length < agencies.length) {
    throw new Fault("CONFIG_INVALID", `only some gateways of this country run: ${names}; run all of them, or stop those`);
  }
  if (!isFlapping) return false;
  throw new Fault("CONFIG_INVALID", `${names} run elsewhere, so they cannot go away and come back here; stop them there, or leave out --flap`);
} // prettier-ignore

async function flap(gateways: OwnGateways, stage: Stage, agency: string): Promise<void> {
  for (;;) {
    await rest(stage, upMs);
    if (stage.signal.aborted) return;
    await gateways.stop();
    stage.show({ agency, did: "went away" });
    await rest(stage, downMs);
    if (stage.signal.aborted) return;
    await gateways.start();
    stage.show({ agency, did: "came back" });
  }
}

async function alertAll(robots: readonly Robot[], stage: Stage): Promise<void> {
  const { alertEveryMs } = stage.play;
  if (alertEveryMs === undefined) return;
  for (let turn = 0; ; turn += 1) {
    await rest(stage, alertEveryMs);
    if (stage.signal.aborted) return;
    await robots[turn % robots.length]?.alert();
  }
}

/** Agencies whose bulletins others read: what nobody reads lands nowhere. */
function forgers(agencies: readonly PlayedAgency[]): readonly PlayedAgency[] {
  const told = agencies.filter(({ agency }) => /\/(?:tcu|moc|centre)$/.test(agency));
  return told.length > 0 ? told : agencies;
}

async function lie({ home, agencies }: Country, stage: Stage): Promise<void> {
  const { badSignatures } = stage.play;
  if (badSignatures === 0) return;
  const hub = await openLyingHub(home);
  try {
    const chosen = forgers(agencies);
    for (let turn = 0; turn < badSignatures && !stage.signal.aborted && stage.take(); turn += 1) {
      const agency = chosen[turn % chosen.length];
      if (agency === undefined) return;
      const id = await hub.send(agency);
      stage.show({ agency: agency.agency, did: "sent with a bad signature", type: "bulletin.red_flag", id });
    }
  } finally {
    await hub.stop();
  }
} // prettier-ignore

/** Plays a country until it is told to end, or the play is over. What it started it ends. */
export async function simulateCountry(country: Country, stage: Stage, end: () => void): Promise<void> {
  const { play } = stage;
  const gateways = chooseOwn(country, play.isFlapping) ? makeOwnGateways(country, stage) : undefined;
  const [first] = country.agencies;
  const name = first?.agency.split("/")[0] ?? "";
  try {
    stage.show({ agency: name, did: gateways === undefined ? "its gateways run already; its people are played" : "its gateways are started" });
    await gateways?.start();
    const robots = country.agencies.map((agency) => new Robot(agency, stage));
    const over = rest(stage, play.endsAfterMs).then(end);
    const flapping = play.isFlapping && gateways !== undefined ? flap(gateways, stage, name) : undefined;
    const parts = [...robots.map((robot) => robot.answerAll()), alertAll(robots, stage), lie(country, stage), flapping];
    // whichever fails, all end
    await Promise.all([over, ...parts.map(async (part) => await part?.catch(stop(end)))]);
  } finally {
    end();
    await gateways?.stop();
    gateways?.close();
  }
} // prettier-ignore

function stop(end: () => void): (error: unknown) => never {
  return (error) => {
    end();
    throw toFault(error, "INTERNAL");
  };
}
