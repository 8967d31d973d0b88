import type { StartedGateway } from "./readiness.ts";

/** Who runs, who was left out, and in which folder all of it stands. */
export interface Running {
  readonly agencies: number;
  readonly hubs: 1 | 2;
  readonly leftOut: readonly string[];
  readonly home: string;
  /** The gateway whose console is shown first; undefined where none runs. */
  readonly desk?: StartedGateway | undefined;
}

function renderLeftOut(countries: readonly string[]): string {
  const plays = countries.map((country) => `  npx atumpan simulate country ${country} --flap\n`);
  return countries.length === 0
    ? ""
    : `\nLeft out: ${countries.join(", ")}. Its agencies are known to all and have no gateway; play it in a second terminal:\n\n${plays.join("")}`;
}

const relayed = `  npx atumpan --as ng/tcu message send deploy/local/examples/relayed-request.json
      Lagos asks Nairobi, which is at the other hub: the EAC centre takes it on, sealed.
      Its ladder says so: --as ng/tcu message show ID
  npx atumpan hub status --config au/hub-two
      How the other hub stands; every command of a hub names it so.
`;

/** Passkeys know a machine by its name, so the address bears a name and no number. */
function renderConsole(desk: StartedGateway | undefined): string {
  if (desk === undefined) return "";
  const { agency, port } = desk;
  return `  npx atumpan --as ${agency} people invite "A. Mensah" --role officer
      Prints a code. With it one signs in at the console of ${agency}:
      http://localhost:${port}/console/
`;
}

/** What a newcomer is told once everything runs. */
export function renderNextSteps({ agencies, hubs, leftOut, home, desk }: Running): string {
  return `
Everything runs: ${agencies} agencies, each with its own keys, store and link; ${hubs === 1 ? "one hub" : "two hubs"} that cannot read them.
${renderLeftOut(leftOut)}
Try, in a second terminal in this folder:

  npx atumpan --as ng/tcu message send deploy/local/examples/lagos-alert.json
      Lagos sends a sealed alert. It prints the alert's id.
  npx atumpan --as gh/tcu inbox ls
      Accra holds it, verified. So does the ECOWAS centre: --as ecowas/centre
  npx atumpan --as gh/tcu message show ID --lang fr
      Read it with its codes in French.
  npx atumpan --as ng/tcu message show ID
      Its ladder: accepted by the hub, delivered to whom.
  npx atumpan hub show ID
      What the hub sees of it.
  npx atumpan hub status
      How the hub stands, its log, and the witness that cosigns it.
  npx atumpan --as ng/moc inbox ls
      A maritime centre has no mandate for it, so it is not there.
  npx atumpan --as ng/fiu message send deploy/local/examples/fiu-request.json
      One financial intelligence unit asks another.
${renderConsole(desk)}${hubs === 1 ? "" : relayed}  npx atumpan import maritime ../shared/data/pirate_attacks.csv
      Real incidents at sea, each reported by the maritime centre of its zone's state.

All persons are invented. Everything of this region stands in ${home}; delete that folder to begin anew.
Ctrl-C stops everything; npm start goes on where it stopped.
`;
}
