import { type Command, Option } from "commander";

import {
  type PeopleQuestion,
  type ProofFiles,
  readProof,
  runChangeList,
  runMachineList,
  runPeopleChange,
  runPeopleList,
} from "../people.ts";
import type { Start } from "./options.ts";

const roles = [
  "officer",
  "approver",
  "integrator",
  "analyst",
  "administrator",
  "auditor",
  "inspector",
] as const;
const machineRoles = ["integrator", "analyst", "officer"] as const;
const handlings = ["H0", "H1", "H2", "H3"] as const;

interface Trial {
  readonly dryRun?: true;
}

interface Rights extends Trial {
  readonly role: readonly string[];
  readonly upTo: string;
  readonly purpose?: string;
}

function trialOption(command: Command): Command {
  return command.option("--dry-run", "say what would come of it; change nothing");
}

function rightsOptions(command: Command, names: readonly string[]): Command {
  return trialOption(command)
    .addOption(new Option("--role <role...>", "what it may do").choices([...names]).makeOptionMandatory())
    .addOption(new Option("--up-to <handling>", "up to which handling").choices([...handlings]).default("H1"))
    .option("--purpose <code>", "what it reads for unless a request says, a code of PURPOSE");
} // prettier-ignore

function rightsOf({ role, upTo, purpose }: Rights): object {
  return { roles: role, handlingUpTo: upTo, ...(purpose === undefined ? {} : { purpose }) };
}

function pathOf(id: string): string {
  return `/v1/people/${encodeURIComponent(id)}`;
}

/** The change that says yes or no to another. */
function decide(agrees: boolean): (id: string) => PeopleQuestion {
  return (id) => {
    const path = `/v1/people-changes/${encodeURIComponent(id)}/decision`;
    return { method: "POST", path, body: { agrees } };
  };
}

/** The change that says whether a person works here. */
function state(to: string): (id: string) => PeopleQuestion {
  return (id) => ({ method: "PUT", path: `${pathOf(id)}/state`, body: { state: to } });
}

/** Adds a verb that asks for one change of one thing by its id. */
function addChange(parent: Command, program: Command, start: Start) {
  return (name: string, description: string, ask: (id: string) => PeopleQuestion): void => {
    trialOption(parent.command(`${name} <id>`))
      .description(description)
      .action((id: string, { dryRun }: Trial) => {
        start(program.opts(), (desk) => runPeopleChange(desk, { ...ask(id), dryRun }));
      });
  };
}

function addSecondWords(people: Command, program: Command, start: Start): void {
  people
    .command("changes")
    .description("list changes that wait for a second word")
    .action(() => start(program.opts(), runChangeList));
  const change = addChange(people, program, start);
  change("agree", "agree to what another asked for", decide(true));
  change(
    "refuse",
    "refuse what another asked for, or take back what was asked here",
    decide(false),
  );
}

function addPersonVerbs(people: Command, program: Command, start: Start): void {
  rightsOptions(people.command("invite <name>"), roles)
    .description("invite a person; prints a code to enrol with, once")
    .option("--reads <lang...>", "languages the person reads")
    .action((name: string, options: Rights & { readonly reads?: readonly string[] }) => {
      const body = { name, languages: options.reads ?? [], ...rightsOf(options) };
      const asked = { method: "POST", path: "/v1/people", body, dryRun: options.dryRun } as const;
      start(program.opts(), (desk) => runPeopleChange(desk, asked));
    });
  rightsOptions(people.command("roles <id>"), roles)
    .description("say anew what a person may do; ends all sessions of the person")
    .action((id: string, options: Rights) => {
      const asked = {
        method: "PUT",
        path: `${pathOf(id)}/rights`,
        body: rightsOf(options),
        dryRun: options.dryRun,
      } as const;
      start(program.opts(), (desk) => runPeopleChange(desk, asked));
    });
}

/** Adds `people …`: who may sign in here, and what they may do. */
export function addPeople(program: Command, start: Start): void {
  const people = program.command("people").description("who may sign in at this gateway");
  people
    .command("ls")
    .description("list everybody who was invited")
    .action(() => start(program.opts(), runPeopleList));
  addPersonVerbs(people, program, start);
  const change = addChange(people, program, start);
  change("code", "a new code to enrol with, such as for a person who lost every device", (id) => ({ method: "POST", path: `${pathOf(id)}/code` }));
  change("suspend", "let a person sign in no more, for now", state("suspended"));
  change("resume", "let a suspended person sign in again", state("active"));
  change("remove", "a person left: for good", state("left"));
  addSecondWords(people, program, start);
} // prettier-ignore

function proofOptions(command: Command): Command {
  return command
    .option("--key <file>", "its public key in PEM, in place of a secret")
    .option("--certificate <file>", "its client certificate in PEM, in place of a secret");
}

/** Adds `machine …`: which systems may ask, and how they prove themselves. */
export function addMachine(program: Command, start: Start): void {
  const machine = program.command("machine").description("systems that may ask this gateway");
  machine
    .command("ls")
    .description("list machines and what proves them")
    .action(() => start(program.opts(), runMachineList));
  proofOptions(rightsOptions(machine.command("add <name>"), machineRoles))
    .description("let a machine in; prints its secret, once")
    .option("--from <range...>", "addresses it may ask from, such as 10.1.0.0/16")
    .action((name: string, options: Rights & ProofFiles & { readonly from?: readonly string[] }) => {
      start(program.opts(), (desk) => {
        const proof = readProof(desk, options);
        const body = { name, addresses: options.from ?? [], ...rightsOf(options), proof };
        return runPeopleChange(desk, { method: "POST", path: "/v1/machines", body, dryRun: options.dryRun });
      });
    });
  proofOptions(trialOption(machine.command("rotate <id>")))
    .description("a new secret, key or certificate; the one before goes on for a week")
    .action((id: string, options: ProofFiles & Trial) => {
      start(program.opts(), (desk) => {
        const path = `/v1/machines/${encodeURIComponent(id)}/proofs`;
        return runPeopleChange(desk, { method: "POST", path, body: { proof: readProof(desk, options) }, dryRun: options.dryRun });
      });
    });
  addChange(machine, program, start)("rm", "let a machine in no more", (id) => ({ method: "DELETE", path: `/v1/machines/${encodeURIComponent(id)}` }));
} // prettier-ignore
