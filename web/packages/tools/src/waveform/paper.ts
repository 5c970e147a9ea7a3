import type { Lead, Signal } from "./signal";

/** How a recording is laid on paper, all in millimetres. */
export interface Scale {
  /** Millimetres for a second, and for a millivolt. */
  speed: 25 | 50;
  gain: 5 | 10 | 20;
}

/** Twelve leads in three rows of four, one after the other in time, and one lead all along. */
export const layout: Lead[][] = [
  ["I", "aVR", "V1", "V4"],
  ["II", "aVL", "V2", "V5"],
  ["III", "aVF", "V3", "V6"],
];
export const seconds = 10;
/** Before the first sample: the pulse of one millivolt. */
export const margin = 10;
const rowHeight = 26;
const pulseWidth = 5;

export const width = (scale: Scale): number => margin + seconds * scale.speed + 2;
export const height = (layout.length + 1) * rowHeight + 4;

/** CSS pixels of a millimetre: by definition 96 for an inch, corrected for this screen. */
export const pixels = (calibration: number): number => (96 / 25.4) * calibration;

/** Seconds at a place on the paper. */
export const timeAt = (millimetres: number, { speed }: Scale): number => (millimetres - margin) / speed;
export const placeOf = (time: number, { speed }: Scale): number => margin + time * speed;

const ink = "#16191c";
const fine = "#f6dcdc";
const bold = "#e6b3b3";
const page = "#fffdfd";

/** Draws grid, pulses and leads. `unit` is the canvas's own pixels for a millimetre. */
export function draw(context: CanvasRenderingContext2D, signal: Signal, scale: Scale, rhythmLead: Lead, unit: number): void {
  const wide = width(scale);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = page;
  context.fillRect(0, 0, wide * unit, height * unit);
  grid(context, wide, unit);
  layout.forEach((leads, row) => {
    pulse(context, row, scale, unit);
    leads.forEach((lead, column) => {
      const from = (seconds / leads.length) * column;
      trace(context, signal, lead, row, from, from + seconds / leads.length, scale, unit);
      if (column > 0) divide(context, row, placeOf(from, scale), unit);
      label(context, lead, row, placeOf(from, scale), unit);
    });
  });
  pulse(context, layout.length, scale, unit);
  trace(context, signal, rhythmLead, layout.length, 0, seconds, scale, unit);
  label(context, rhythmLead, layout.length, placeOf(0, scale), unit);
  // as on every strip that leaves a recorder: without it a print could not be read
  context.font = `500 ${2.6 * unit}px system-ui, sans-serif`;
  context.fillText(`${scale.speed} mm/s   ${scale.gain} mm/mV`, 1.5 * unit, (height - 1.4) * unit);
}

function grid(context: CanvasRenderingContext2D, wide: number, unit: number): void {
  for (const every of [1, 5]) {
    context.strokeStyle = every === 1 ? fine : bold;
    context.lineWidth = Math.max(1, unit * (every === 1 ? 0.1 : 0.16));
    context.beginPath();
    for (let x = 0; x <= wide; x += every) line(context, x * unit, 0, x * unit, height * unit);
    for (let y = 0; y <= height; y += every) line(context, 0, y * unit, wide * unit, y * unit);
    context.stroke();
  }
}

function line(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.moveTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
  context.lineTo(Math.round(x2) + 0.5, Math.round(y2) + 0.5);
}

/** Where nought millivolts lie in a row. */
export const baseline = (row: number): number => row * rowHeight + rowHeight * 0.62 + 2;

function pen(context: CanvasRenderingContext2D, unit: number): void {
  context.strokeStyle = ink;
  context.lineWidth = Math.max(1.1, unit * 0.24);
  context.lineJoin = "round";
}

function pulse(context: CanvasRenderingContext2D, row: number, { gain }: Scale, unit: number): void {
  const y = baseline(row);
  const x = margin - pulseWidth - 3;
  pen(context, unit);
  context.beginPath();
  for (const [px, py] of [[x - 1, y], [x, y], [x, y - gain], [x + pulseWidth, y - gain], [x + pulseWidth, y], [x + pulseWidth + 1, y]] as const) context.lineTo(px * unit, py * unit);
  context.stroke();
}

function trace(context: CanvasRenderingContext2D, signal: Signal, lead: Lead, row: number, from: number, to: number, scale: Scale, unit: number): void {
  const samples = signal.leads[lead];
  if (!samples) return;
  const hz = signal.sampling_hz;
  const last = Math.min(samples.length, Math.ceil(to * hz));
  pen(context, unit);
  context.beginPath();
  for (let index = Math.floor(from * hz); index < last; index++) context.lineTo(placeOf(index / hz, scale) * unit, (baseline(row) - samples[index]! * scale.gain) * unit);
  context.stroke();
}

function divide(context: CanvasRenderingContext2D, row: number, x: number, unit: number): void {
  context.strokeStyle = ink;
  context.lineWidth = Math.max(1, unit * 0.2);
  context.beginPath();
  context.moveTo(x * unit, (baseline(row) - 4) * unit);
  context.lineTo(x * unit, (baseline(row) - 1.5) * unit);
  context.moveTo(x * unit, (baseline(row) + 1.5) * unit);
  context.lineTo(x * unit, (baseline(row) + 4) * unit);
  context.stroke();
}

function label(context: CanvasRenderingContext2D, lead: Lead, row: number, x: number, unit: number): void {
  context.font = `600 ${3.4 * unit}px system-ui, sans-serif`;
  const wide = context.measureText(lead).width;
  const y = row * rowHeight + 5.2;
  context.fillStyle = page;
  context.globalAlpha = 0.82;
  context.fillRect((x + 0.8) * unit, (y - 3.2) * unit, wide + 0.8 * unit, 4 * unit);
  context.globalAlpha = 1;
  context.fillStyle = ink;
  context.fillText(lead, (x + 1.2) * unit, y * unit);
}
