/** Every label there is; each has values of a closed list. */
export type HubLabel = "outcome" | "code" | "kind" | "stream";

/** One number of a hub: what it is called after `atumpan_hub_`, and what it says. */
export interface HubFigure {
  readonly name: string;
  readonly help: string;
  readonly label?: HubLabel | undefined;
}

function counted(name: string, help: string, label?: HubLabel): HubFigure {
  return { name: `${name}_total`, help, label };
}

function seen(name: string, help: string, label?: HubLabel): HubFigure {
  return { name, help, label };
}

/** The names of all numbers of a hub, wherever they are told: `_total` counts since the start, the others may fall. */
export const hubFigures = {
  ready: seen("ready", "whether messages are taken in, 1 or 0"),
  standby: seen("standby", "whether another broker of the hub works and this one waits, 1 or 0"),
  stopped: seen("stopped", "whether the stop button is pressed: nothing new is taken in, 1 or 0"),
  stoppedFor: seen("stopped_seconds", "seconds since it was pressed; 0 while it is not"),
  serverUp: seen("server_up", "whether the broker is connected to its server, 1 or 0"),
  admissions: counted("admissions", "messages judged since the start, by outcome", "outcome"),
  refused: counted("refused", "messages refused since the start, by code", "code"),
  heldBack: counted("held_back", "times a message was held back since the start, by code", "code"),
  receipts: counted("receipts", "receipts of readers passed on since the start"),
  logins: counted("logins", "logins answered since the start: allowed, or the code", "outcome"),
  pauses: counted("pauses", "times an agency was shut out for a while because it flooded"),
  blobs: counted("chunks", "what was done with chunks of files since the start", "outcome"),
  underWay: seen("under_way_messages", "messages taken from an intake and not yet settled"),
  known: seen("known_messages", "messages it would know again"),
  sessions: seen("sessions", "connections of agencies that are open"),
  connected: seen("agencies_connected", "agencies with a connection that is open"),
  epoch: seen("register_epoch", "epoch of the register in force"),
  registerEnd: seen("register_expiry_seconds", "seconds until the register is out of date"),
  certificate: seen("cert_expiry_seconds", "seconds until what it rests on ends", "kind"),
  streams: seen("streams", "streams there are, by kind", "stream"),
  streamMessages: seen(
    "stream_messages",
    "messages in them; of INTAKE those that wait to be judged",
    "stream",
  ),
  streamBytes: seen("stream_size_bytes", "bytes in them", "stream"),
  streamFill: seen("stream_fill_ratio", "how full the fullest is; 1 has no room", "stream"),
  streamReplicas: seen("stream_replicas", "copies there should be", "stream"),
  streamCurrent: seen("stream_replicas_current", "copies that are up to date", "stream"),
  streamLag: seen(
    "stream_replica_lag_entries",
    "entries that the copy furthest behind lacks",
    "stream",
  ),
  streamLeaderless: seen("stream_leaderless", "streams that nobody leads", "stream"),
  logEntries: seen("log_entries", "entries of the log"),
  logAge: seen("log_checkpoint_age_seconds", "seconds since its newest checkpoint"),
  logBytes: seen("log_size_bytes", "bytes of the log"),
  logMax: seen("log_max_bytes", "bytes that the log may have; full, nothing is accepted"),
  logLeft: seen("log_full_in_seconds", "seconds until the log is full, at its pace"),
  logStopped: seen("log_stopped", "whether the log has stopped, 1 or 0"),
  logWaiting: seen("log_waiting", "whether the log waits for somebody, 1 or 0"),
  cosigned: seen("log_cosigned_entries", "entries that enough witnesses cosigned"),
  cosignedAge: seen("log_cosigned_age_seconds", "seconds since the last of them did"),
  witnessesMissing: seen(
    "log_witnesses_missing",
    "witnesses who have not cosigned what is offered",
  ),
  quorumMissing: seen(
    "log_quorum_missing_seconds",
    "seconds since too few cosign; 0 while enough do",
  ),
  disputed: seen("log_disputed", "whether a witness holds another tree, 1 or 0"),
};
