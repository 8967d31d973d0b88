import { Counter, Gauge, type Registry } from "prom-client";

/** Every label there is; each has values of a closed list. */
type Label = "outcome" | "code" | "kind" | "stream";

function make(register: Registry) {
  const registers = [register];
  const named = (name: string, help: string, label?: Label) => {
    const labelNames = label === undefined ? [] : [label];
    return { name: `atumpan_hub_${name}`, help, labelNames, registers };
  };
  const gauge = (name: string, help: string, label?: Label) =>
    new Gauge<Label>(named(name, help, label));
  const counter = (name: string, help: string, label?: Label) =>
    new Counter<Label>(named(`${name}_total`, help, label));
  return {
    ready: gauge("ready", "whether messages are taken in, 1 or 0"),
    serverUp: gauge("server_up", "whether the broker is connected to its server, 1 or 0"),
    admissions: counter("admissions", "messages judged since the start, by outcome", "outcome"),
    refused: counter("refused", "messages refused since the start, by code", "code"),
    heldBack: counter("held_back", "times a message was held back since the start, by code", "code"),
    receipts: counter("receipts", "receipts of readers passed on since the start"),
    logins: counter("logins", "logins answered since the start: allowed, or the code", "outcome"),
    pauses: counter("pauses", "times an agency was shut out for a while because it flooded"),
    blobs: counter("chunks", "what was done with chunks of files since the start", "outcome"),
    underWay: gauge("under_way_messages", "messages taken from an intake and not yet settled"),
    known: gauge("known_messages", "messages it would know again"),
    sessions: gauge("sessions", "connections of agencies that are open"),
    connected: gauge("agencies_connected", "agencies with a connection that is open"),
    epoch: gauge("register_epoch", "epoch of the register in force"),
    registerEnd: gauge("register_expiry_seconds", "seconds until the register is out of date"),
    certificate: gauge("cert_expiry_seconds", "seconds until what it rests on ends", "kind"),
    streams: gauge("streams", "streams there are, by kind", "stream"),
    streamMessages: gauge("stream_messages", "messages in them; of INTAKE those that wait to be judged", "stream"),
    streamBytes: gauge("stream_size_bytes", "bytes in them", "stream"),
    streamFill: gauge("stream_fill_ratio", "how full the fullest is; 1 has no room", "stream"),
    streamReplicas: gauge("stream_replicas", "copies there should be", "stream"),
    streamCurrent: gauge("stream_replicas_current", "copies that are up to date", "stream"),
    streamLag: gauge("stream_replica_lag_entries", "entries that the copy furthest behind lacks", "stream"),
    streamLeaderless: gauge("stream_leaderless", "streams that nobody leads", "stream"),
    logEntries: gauge("log_entries", "entries of the log"),
    logAge: gauge("log_checkpoint_age_seconds", "seconds since its newest checkpoint"),
    logBytes: gauge("log_size_bytes", "bytes of the log"),
    logMax: gauge("log_max_bytes", "bytes that the log may have; full, nothing is accepted"),
    logLeft: gauge("log_full_in_seconds", "seconds until the log is full, at its pace"),
    logStopped: gauge("log_stopped", "whether the log has stopped, 1 or 0"),
    logWaiting: gauge("log_waiting", "whether the log waits for somebody, 1 or 0"),
    cosigned: gauge("log_cosigned_entries", "entries that enough witnesses cosigned"),
    cosignedAge: gauge("log_cosigned_age_seconds", "seconds since the last of them did"),
    witnessesMissing: gauge("log_witnesses_missing", "witnesses who have not cosigned what is offered"),
    quorumMissing: gauge("log_quorum_missing_seconds", "seconds since too few cosign; 0 while enough do"),
    disputed: gauge("log_disputed", "whether a witness holds another tree, 1 or 0"),
  };
} // prettier-ignore

/** The numbers of a hub. */
export type HubGauges = ReturnType<typeof make>;

/** Makes them; all are there from the start. */
export function makeHubGauges(register: Registry): HubGauges {
  return make(register);
}
