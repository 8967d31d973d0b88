import { Counter, Gauge, type Registry } from "prom-client";

import { type HubFigure, hubFigures, type HubLabel } from "./names.ts";

function make(register: Registry) {
  const settings = ({ name, help, label }: HubFigure) => ({
    name: `atumpan_hub_${name}`,
    help,
    labelNames: label === undefined ? [] : [label],
    registers: [register],
  });
  const gauge = (figure: HubFigure) => new Gauge<HubLabel>(settings(figure));
  const counter = (figure: HubFigure) => new Counter<HubLabel>(settings(figure));
  const named = hubFigures;
  return {
    ready: gauge(named.ready),
    standby: gauge(named.standby),
    stopped: gauge(named.stopped),
    stoppedFor: gauge(named.stoppedFor),
    serverUp: gauge(named.serverUp),
    admissions: counter(named.admissions),
    refused: counter(named.refused),
    heldBack: counter(named.heldBack),
    receipts: counter(named.receipts),
    logins: counter(named.logins),
    pauses: counter(named.pauses),
    blobs: counter(named.blobs),
    underWay: gauge(named.underWay),
    known: gauge(named.known),
    sessions: gauge(named.sessions),
    connected: gauge(named.connected),
    epoch: gauge(named.epoch),
    registerEnd: gauge(named.registerEnd),
    certificate: gauge(named.certificate),
    streams: gauge(named.streams),
    streamMessages: gauge(named.streamMessages),
    streamBytes: gauge(named.streamBytes),
    streamFill: gauge(named.streamFill),
    streamReplicas: gauge(named.streamReplicas),
    streamCurrent: gauge(named.streamCurrent),
    streamLag: gauge(named.streamLag),
    streamLeaderless: gauge(named.streamLeaderless),
    logEntries: gauge(named.logEntries),
    logAge: gauge(named.logAge),
    logBytes: gauge(named.logBytes),
    logMax: gauge(named.logMax),
    logLeft: gauge(named.logLeft),
    logStopped: gauge(named.logStopped),
    logWaiting: gauge(named.logWaiting),
    cosigned: gauge(named.cosigned),
    cosignedAge: gauge(named.cosignedAge),
    witnessesMissing: gauge(named.witnessesMissing),
    quorumMissing: gauge(named.quorumMissing),
    disputed: gauge(named.disputed),
  };
}

/** The numbers of a hub. */
export type HubGauges = ReturnType<typeof make>;

/** Makes them; all are there from the start. */
export function makeHubGauges(register: Registry): HubGauges {
  return make(register);
}
