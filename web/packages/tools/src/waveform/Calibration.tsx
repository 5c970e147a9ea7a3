import { useState } from "react";
import { Steps } from "../parts/Steps";
import parts from "../parts/parts.module.css";
import { useSay } from "../words";
import { pixels } from "./paper";
import css from "./Waveform.module.css";

const key = "hm.millimetres";
const line = 100;

/** How much larger than CSS thinks a millimetre must be drawn on this screen: kept on the device, it is the device's. */
export function useCalibration(): [number, (factor: number) => void] {
  const [factor, setFactor] = useState(() => {
    try {
      const kept = Number(localStorage.getItem(key));
      return kept >= 0.5 && kept <= 2 ? kept : 1;
    } catch {
      return 1; // a browser that keeps nothing
    }
  });
  return [
    factor,
    (next) => {
      setFactor(next);
      try {
        localStorage.setItem(key, String(next));
      } catch {
        // it holds for this page
      }
    },
  ];
}

/** A line to lay a ruler on: what it measures sets the scale. */
export function Calibration({ value, onChange }: { value: number; onChange: (factor: number) => void }) {
  const say = useSay("waveform");
  const [open, setOpen] = useState(false);
  const measured = Math.round((line / value) * 10) / 10;
  return (
    <details className={`${parts.details} ${parts.noPrint}`} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say("calibrate")}</summary>
      {open ? (
        <div className={css.calibration}>
          <p className={parts.quiet}>{say("calibrateHow")}</p>
          <div className={css.ruler} dir="ltr" style={{ width: pixels(1) * line }} aria-hidden />
          <label className={css.measuredField}>
            <span>{say("measures")}</span>
            <Steps label={say("measuresLong")} value={measured} show={String} low={50} high={200} step={(now, steps) => Math.min(200, Math.max(50, (now ?? line) + steps * 0.5))} onChange={(next) => next && next >= 50 && next <= 200 && onChange(line / next)} />
            <span dir="ltr">{"mm"}</span>
          </label>
        </div>
      ) : null}
    </details>
  );
}
