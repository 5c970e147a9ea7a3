import { type CSSProperties, type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { useSay } from "../words";
import { type Scale, draw, height, margin, pixels, seconds, timeAt, width } from "./paper";
import type { Recording } from "./signal";
import css from "./Waveform.module.css";

interface StripProps {
  recording: Recording;
  scale: Scale;
  zoom: number;
  calibration: number;
  title: string;
  /** Places on the paper, millimetres. */
  calipers: [number, number];
  onCalipers: (places: [number, number]) => void;
}

/** The paper in millimetres as they are: it scrolls rather than shrinks. */
export function Strip({ recording, scale, zoom, calibration, title, calipers, onCalipers }: StripProps) {
  const say = useSay("waveform");
  const canvas = useRef<HTMLCanvasElement>(null);
  const paper = useRef<HTMLDivElement>(null);
  const [density, setDensity] = useState(() => window.devicePixelRatio || 1);
  const unit = pixels(calibration) * zoom;
  const wide = width(scale);

  // a page that is zoomed or printed has other pixels
  useEffect(() => {
    const media = window.matchMedia?.(`(resolution: ${density}dppx)`);
    const again = () => setDensity(window.devicePixelRatio || 1);
    media?.addEventListener?.("change", again, { once: true });
    return () => media?.removeEventListener?.("change", again);
  }, [density]);

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context) draw(context, recording.signal, scale, "II", unit * Math.max(density, 1.5));
  }, [recording, scale, unit, density]);

  const limit = (place: number) => Math.min(margin + seconds * scale.speed, Math.max(margin, place));

  function drag(which: 0 | 1, event: PointerEvent) {
    if (!(event.currentTarget as HTMLElement).hasPointerCapture(event.pointerId)) return;
    const place = limit((event.clientX - paper.current!.getBoundingClientRect().left) / unit);
    onCalipers(which === 0 ? [place, calipers[1]] : [calipers[0], place]);
  }

  function onKeyDown(which: 0 | 1, event: KeyboardEvent) {
    // a hundredth of a second; with Shift a small square, with Page keys a large one
    const steps: Record<string, number> = { ArrowLeft: -0.01, ArrowRight: 0.01, ArrowDown: -0.01, ArrowUp: 0.01, PageDown: -0.2, PageUp: 0.2 };
    const by = steps[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const place = limit(calipers[which] + (event.shiftKey ? Math.sign(by) * 0.04 : by) * scale.speed);
    onCalipers(which === 0 ? [place, calipers[1]] : [calipers[0], place]);
  }

  const [left, right] = [Math.min(...calipers), Math.max(...calipers)];
  return (
    <div className={css.scroll} dir="ltr" role="region" aria-label={title} tabIndex={0}>
      <div ref={paper} className={css.paper} style={{ width: wide * unit, height: height * unit, "--millimetres-wide": `${wide}mm`, "--shape": `${wide} / ${height}` } as CSSProperties}>
        <canvas ref={canvas} role="img" aria-label={say("paper", { title, speed: scale.speed, gain: scale.gain })} width={Math.round(wide * unit * Math.max(density, 1.5))} height={Math.round(height * unit * Math.max(density, 1.5))} />
        <div className={css.span} style={{ left: left * unit, width: (right - left) * unit }} aria-hidden />
        {([0, 1] as const).map((which) => (
          <div
            key={which}
            className={css.caliper}
            role="slider"
            tabIndex={0}
            aria-label={say(which === 0 ? "caliperFrom" : "caliperTo")}
            aria-orientation="horizontal"
            aria-valuemin={0}
            aria-valuemax={seconds * 1000}
            aria-valuenow={Math.round(timeAt(calipers[which], scale) * 1000)}
            aria-valuetext={say("caliperAt", { at: Math.round(timeAt(calipers[which], scale) * 1000), ms: Math.round(((right - left) / scale.speed) * 1000) })}
            style={{ left: calipers[which] * unit }}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              event.currentTarget.focus();
              event.preventDefault();
            }}
            onPointerMove={(event) => drag(which, event)}
            onKeyDown={(event) => onKeyDown(which, event)}
          />
        ))}
      </div>
    </div>
  );
}
