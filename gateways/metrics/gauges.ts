import { Counter, Gauge, type Registry } from "prom-client";

/** Every label there is; each has values of a closed list, or hubs that the register names. */
type Label = "urgency" | "direction" | "kind" | "code" | "flag" | "hub";

function make(register: Registry) {
  const gauge = (name: string, help: string, label?: Label): Gauge<Label> => {
    const labelNames = label === undefined ? [] : [label];
    return new Gauge({ name: `atumpan_${name}`, help, labelNames, registers: [register] });
  };
  const counter = (name: string, help: string): Counter<Label> =>
    new Counter({ name: `atumpan_${name}_total`, help, labelNames: ["hub"], registers: [register] });
  return {
    linkUp: gauge("link_up", "whether the hub is reached, 1 or 0", "hub"),
    contactAge: gauge("link_contact_age_seconds", "seconds since the hub was last heard", "hub"),
    hubWaiting: gauge("link_waiting_messages", "messages that wait to be sent to the hub", "hub"),
    speed: gauge("link_bytes_per_second", "bytes as seen while there was something to carry", "direction"),
    queueAge: gauge("queue_age_seconds", "seconds that the oldest message waits to be sent", "urgency"),
    queueMessages: gauge("queue_messages", "messages that wait to be sent", "urgency"),
    queueBytes: gauge("queue_size_bytes", "bytes that wait to be sent", "urgency"),
    inbox: gauge("inbox_messages", "messages of others that were proved"),
    quarantined: gauge("quarantined_messages", "messages that could not be proved"),
    closed: gauge("key_waits_messages", "messages that stay closed until their key comes"),
    unconfirmed: gauge("sealing_keys_unconfirmed", "sealing keys that need a person"),
    certificate: gauge("cert_expiry_seconds", "seconds until what our work rests on ends", "kind"),
    epoch: gauge("register_epoch", "epoch of the register in force"),
    registerEnd: gauge("register_expiry_seconds", "seconds until the register is out of date"),
    clockBehind: gauge("clock_behind_seconds", "seconds this clock stands before a time that has passed"),
    clockAhead: gauge("clock_ahead_seconds", "seconds this clock stands after what its hub says"),
    contacts: gauge("directory_entries", "authorities one can ask, by what is to be said of them", "flag"),
    releases: gauge("releases_waiting", "messages that wait for a second officer"),
    releaseAge: gauge("approval_wait_seconds", "seconds the oldest message waits for a second officer"),
    late: gauge("deadlines_missed", "still awaited, overdue once or twice", "flag"),
    logState: gauge("log_consistent", "whether the hub's log is the one that was verified, 1 or 0", "hub"),
    logSize: gauge("log_verified_entries", "entries of the hub's log, as it was verified here", "hub"),
    logAge: gauge("log_verified_age_seconds", "seconds since the hub's log was last verified", "hub"),
    unproved: gauge("log_unproved_messages", "messages not proved in the hub's log", "flag"),
    alarms: gauge("log_alarms", "alarms about the hub's log that are open, by code", "code"),
    acts: gauge("log_acts_waiting", "acts of ours that wait for their place in the log", "hub"),
    actAge: gauge("log_acts_wait_seconds", "seconds the oldest act of ours waits for its place", "hub"),
    witnessesLate: gauge("log_witnesses_late_seconds", "seconds since too few witnesses cosign; 0 while enough do", "hub"),
    canarySent: counter("canary_sent", "canaries sent through the hub"),
    canaryBack: counter("canary_back", "canaries that came back through the hub"),
    canaryLost: counter("canary_lost", "canaries that were not back in time"),
    canaryLate: gauge("canary_late", "whether a canary is late and none came back since, 1 or 0", "hub"),
    canarySeconds: gauge("canary_round_seconds", "seconds that the last canary took through the hub and back", "hub"),
    canaryAge: gauge("canary_back_age_seconds", "seconds since a canary last came back", "hub"),
    disk: gauge("store_writable", "whether the store takes new messages, 1 or 0"),
    storeBytes: gauge("store_size_bytes", "bytes of the store's files"),
    catchingUp: gauge("store_catching_up", "whether a store that was put back learns what came since, 1 or 0"),
  };
} // prettier-ignore

/** What is set before each reading. */
export type Gauges = ReturnType<typeof make>;

/** Makes them; all are there from the start. */
export function makeGauges(register: Registry): Gauges {
  return make(register);
}
