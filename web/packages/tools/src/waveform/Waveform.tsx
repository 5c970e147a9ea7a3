import { Button, SegmentedControl } from "@mantine/core";
import { Quantity, StatusChip } from "@hm/ui";
import { useMemo, useState } from "react";
import { isRecord, record, text } from "../parts/read";
import parts from "../parts/parts.module.css";
import type { Emitted, ToolProps } from "../host";
import { useSay } from "../words";
import { Calibration, useCalibration } from "./Calibration";
import { Strip } from "./Strip";
import { type Interval, type Measurements, judge, rateOf, readMeasurements, taken, withInterval } from "./intervals";
import { type Scale, placeOf, timeAt } from "./paper";
import { type Recording, leadNames, meanRate, rPeaks, readRecording } from "./signal";
import css from "./Waveform.module.css";

const shown = ["rate", "rr_ms", "pr_ms", "qrs_ms", "qt_ms", "qtcb_ms", "qtcf_ms"] as const;
const zooms = ["0.75", "1", "1.5", "2"];

/** A 12-lead ECG on its paper, with calipers; what they measure is the value. */
export default function Waveform({ config, bind, title, host }: ToolProps) {
  const say = useSay("waveform");
  const [calibration, setCalibration] = useCalibration();
  const [zoom, setZoom] = useState("1");
  const [scale, setScale] = useState<Scale>({ speed: 25, gain: 10 });
  const [compare, setCompare] = useState(false);

  // a page's tool is given the whole document, by name
  const named = typeof bind.value === "string" ? record(host.value)[bind.value] : host.value;
  // measuring changes the value, not the recording in it: that is read again only when it is another
  const { leads, sampling_hz, synthetic } = record(named);
  const made = JSON.stringify(synthetic);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- `made` is what `synthetic` says
  const recording = useMemo(() => readRecording({ leads, sampling_hz, synthetic }) ?? readRecording(config), [leads, sampling_hz, made, config]);
  const priorValue = typeof bind.prior === "string" ? record(host.value)[bind.prior] : config.prior;
  const prior = useMemo(() => readRecording(priorValue), [priorValue]);
  const measurements = readMeasurements(named);
  const readOnly = host.readOnly || typeof bind.value === "string";
  const gender = text(host.patient?.gender);

  if (!recording) return <p className={parts.quiet}>{say("empty")}</p>;

  function take(interval: Interval | "clear", milliseconds: number) {
    const next = interval === "clear" ? {} : withInterval(measurements, interval, milliseconds);
    const kept = isRecord(named) && readRecording(named) ? named : { synthetic: recording!.synthetic };
    host.emit({ ...kept, measurements: next, summary: summaryIn(say, next) } satisfies Emitted);
  }

  return (
    <div className={parts.tool} role="group" aria-label={title || undefined}>
      <div className={`${parts.bar} ${parts.noPrint}`}>
        <SegmentedControl aria-label={say("zoom")} value={zoom} onChange={setZoom} data={zooms.map((value) => ({ value, label: <bdi dir="ltr">{`×${value}`}</bdi> }))} />
        <SegmentedControl aria-label={say("speed")} value={String(scale.speed)} onChange={(speed) => setScale({ ...scale, speed: Number(speed) as Scale["speed"] })} data={["25", "50"].map((value) => ({ value, label: <bdi dir="ltr">{`${value} mm/s`}</bdi> }))} />
        <SegmentedControl aria-label={say("gain")} value={String(scale.gain)} onChange={(gain) => setScale({ ...scale, gain: Number(gain) as Scale["gain"] })} data={["5", "10", "20"].map((value) => ({ value, label: <bdi dir="ltr">{`${value} mm/mV`}</bdi> }))} />
        {prior ? (
          <Button variant={compare ? "filled" : "default"} aria-pressed={compare} onClick={() => setCompare(!compare)}>
            {say("compare")}
          </Button>
        ) : null}
      </div>
      <Recorded recording={recording} scale={scale} zoom={Number(zoom)} calibration={calibration} title={title || say("ecg")} onTake={readOnly ? undefined : take} />
      {compare && prior ? (
        <>
          <h3>{say("prior")}</h3>
          <Recorded recording={prior} scale={scale} zoom={Number(zoom)} calibration={calibration} title={say("prior")} />
        </>
      ) : null}
      <Measured now={measurements} before={compare ? readMeasurements(priorValue) : null} gender={gender} signal={recording} />
      <Calibration value={calibration} onChange={setCalibration} />
    </div>
  );
}

function summaryIn(say: ReturnType<typeof useSay<"waveform">>, found: Measurements): string {
  const said = shown.filter((name) => found[name] !== undefined).map((name) => `${say(name)} ${found[name]}${name === "rate" ? "/min" : " ms"}`);
  return said.length > 0 ? `${say("ecg")}: ${said.join(", ")}` : say("notMeasured");
}

interface RecordedProps {
  recording: Recording;
  scale: Scale;
  zoom: number;
  calibration: number;
  title: string;
  onTake?: (interval: Interval | "clear", milliseconds: number) => void;
}

/** One recording with its calipers; they begin at two neighbouring beats. */
function Recorded({ recording, scale, zoom, calibration, title, onTake }: RecordedProps) {
  const say = useSay("waveform");
  const [calipers, setCalipers] = useState<[number, number]>(() => {
    const [first, second] = rPeaks(recording.signal).slice(2);
    return first !== undefined && second !== undefined ? [first, second] : [1, 1.8];
  });
  const milliseconds = Math.abs(calipers[1] - calipers[0]) * 1000;
  const said = [say("interval", { ms: Math.round(milliseconds) }), milliseconds > 150 ? say("ofRate", { rate: Math.round(rateOf(milliseconds)) }) : ""].filter(Boolean).join(" · ");
  const missing = leadNames.filter((lead) => !recording.signal.leads[lead]);
  return (
    <div className={css.recorded}>
      <Strip recording={recording} scale={scale} zoom={zoom} calibration={calibration} title={title} calipers={calipers.map((time) => placeOf(time, scale)) as [number, number]} onCalipers={(places) => setCalipers(places.map((place) => timeAt(place, scale)) as [number, number])} />
      <div className={`${parts.bar} ${css.reading}`}>
        <output aria-live="off">
          <bdi>{said}</bdi>
        </output>
        {onTake ? (
          <div className={`${css.take} ${parts.noPrint}`} role="group" aria-label={say("takeAs")}>
            <span>{say("takeAs")}</span>
            {taken.map((interval) => (
              <Button key={interval} size="compact-sm" variant="default" onClick={() => onTake(interval, milliseconds)}>
                {say(interval)}
              </Button>
            ))}
            <Button size="compact-sm" variant="subtle" onClick={() => onTake("clear", 0)}>
              {say("clear")}
            </Button>
          </div>
        ) : null}
        {recording.synthetic ? <StatusChip tone="info">{say("synthetic")}</StatusChip> : null}
        {missing.length > 0 ? <StatusChip tone="warn">{say("missing", { leads: missing.join(", ") })}</StatusChip> : null}
      </div>
    </div>
  );
}

/** All that was measured, beside the earlier recording's, with what is outside the usual. */
function Measured({ now, before, gender, signal }: { now: Measurements; before: Measurements | null; gender: string; signal: Recording }) {
  const say = useSay("waveform");
  const found = useMemo(() => meanRate(signal.signal), [signal]);
  return (
    <div>
      {found ? (
        <p className={parts.quiet}>
          {say("found", { rate: Math.round(found.rate) })} {found.irregular ? say("irregular") : say("regular")}
        </p>
      ) : null}
      <div className={`${parts.scroll} ${css.measured}`}>
        <table className={parts.table}>
        <caption className="hm-visually-hidden">{say("measured")}</caption>
        <thead>
          <tr>
            <th scope="col">{say("measure")}</th>
            <th scope="col" className={parts.number}>
              {say("now")}
            </th>
            {before ? (
              <th scope="col" className={parts.number}>
                {say("earlier")}
              </th>
            ) : null}
            <th scope="col">{say("judgement")}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((name) => {
            const value = now[name];
            const judgement = value === undefined ? null : judge(name, value, gender);
            return (
              <tr key={name}>
                <th scope="row">{say(name)}</th>
                <td className={parts.number}><Taken name={name} value={value} /></td>
                {before ? <td className={parts.number}><Taken name={name} value={before[name]} /></td> : null}
                <td>{judgement === "critical" ? <StatusChip tone="critical">{say("critical")}</StatusChip> : judgement === "outside" ? <StatusChip tone="warn">{say("outside")}</StatusChip> : null}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      </div>
    </div>
  );
}

function Taken({ name, value }: { name: keyof Measurements; value: number | undefined }) {
  return value === undefined ? "–" : <Quantity value={value} unit={name === "rate" ? "/min" : "ms"} />;
}
