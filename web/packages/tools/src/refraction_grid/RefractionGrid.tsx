import { Button, SegmentedControl } from "@mantine/core";
import { ToneMark } from "@hm/ui";
import { type CSSProperties, Fragment, useId, useState } from "react";
import { texts } from "../parts/read";
import { Steps } from "../parts/Steps";
import parts from "../parts/parts.module.css";
import type { ToolProps } from "../host";
import { useSay } from "../words";
import { type Notation, letters, lines, notations, readAcuity, writeAcuity } from "./acuity";
import { type Base, type Eye, type Quantity, type Refraction, type Side, bases, dioptres, emitted, faultsOf, ranges, readRefraction, sides, sphericalEquivalent, stepped, transpose } from "./refraction";
import css from "./RefractionGrid.module.css";

const columns = ["sphere", "cylinder", "axis", "add", "prism", "base", "va"] as const;
type Column = (typeof columns)[number];

/** Both eyes as a prescription: sphere, cylinder, axis, near addition, prism and the acuity reached. */
export default function RefractionGrid({ config, title, host }: ToolProps) {
  const say = useSay("refraction_grid");
  const [notation, setNotation] = useState<Notation>("metres");
  const refraction = readRefraction(host.value);
  const house = config.cylinder === "minus" || config.cylinder === "plus" ? config.cylinder : "any";
  const wanted = texts(config.columns);
  const shown = columns.filter((column) => wanted.length === 0 || wanted.includes(column) || (column === "base" && wanted.includes("prism")));
  const give = (next: Refraction) => host.emit(emitted(next));
  const change = (side: Side, eye: Eye) => give({ ...refraction, [side]: eye });
  const faults = sides.flatMap((side) => Object.entries(faultsOf(refraction[side], house)).map(([name, fault]) => ({ side, name: name as keyof Eye, fault })));

  return (
    <div className={parts.tool} role="group" aria-label={title || undefined}>
      <div className={css.grid} style={{ "--columns": shown.length } as CSSProperties}>
        <span className={css.corner} />
        {shown.map((column) => (
          <span key={column} className={css.head} data-column={column} aria-hidden>
            {say(column)}
          </span>
        ))}
        <span className={css.head} aria-hidden>
          {say("se")}
        </span>
        {sides.map((side) => (
          <Fragment key={side}>
            <EyeName side={side} />
            {shown.map((column) => (
              <div key={column} className={css.cell} data-column={column}>
                <span className={css.label} aria-hidden>
                  {say(column)}
                </span>
                <Cell column={column} side={side} eye={refraction[side]} notation={notation} fault={faults.find((one) => one.side === side && one.name === column)?.fault} readOnly={host.readOnly} onChange={(eye) => change(side, eye)} />
              </div>
            ))}
            <div className={css.cell} data-column="se">
              <span className={css.label}>{say("se")}</span>
              <output className={css.derived} dir="ltr" aria-label={`${side.toUpperCase()} ${say("se")}`}>
                {sphericalEquivalent(refraction[side]) === null ? "–" : dioptres(sphericalEquivalent(refraction[side])!)}
              </output>
            </div>
          </Fragment>
        ))}
      </div>
      {faults.map(({ side, name, fault }) => (
        <p key={`${side} ${name}`} className={parts.fault} role="status">
          <ToneMark tone="critical" />
          {say(fault, { eye: side.toUpperCase(), low: ranges[name as Quantity]?.low ?? "", high: ranges[name as Quantity]?.high ?? "", step: ranges[name as Quantity]?.step ?? "" })}
        </p>
      ))}
      <div className={parts.bar}>
        <Distance name="pd" refraction={refraction} readOnly={host.readOnly} onChange={give} />
        <Distance name="vd" refraction={refraction} readOnly={host.readOnly} onChange={give} />
        {host.readOnly ? null : (
          <Button className={parts.noPrint} variant="default" size="sm" onClick={() => give({ ...refraction, od: transpose(refraction.od), os: transpose(refraction.os) })} disabled={!refraction.od.cylinder && !refraction.os.cylinder}>
            {say("transpose")}
          </Button>
        )}
        <div data-end className={parts.noPrint}>
          <SegmentedControl aria-label={say("notation")} value={notation} onChange={(next) => setNotation(next as Notation)} data={notations.map((one) => ({ value: one, label: say(one) }))} />
        </div>
      </div>
      <Acuities refraction={refraction} />
    </div>
  );
}

function EyeName({ side }: { side: Side }) {
  const say = useSay("refraction_grid");
  return (
    <div className={css.eye}>
      <strong>{side.toUpperCase()}</strong> <span>{say(side)}</span>
    </div>
  );
}

interface CellProps {
  column: Column;
  side: Side;
  eye: Eye;
  notation: Notation;
  fault?: ReturnType<typeof faultsOf>[keyof Eye];
  readOnly: boolean;
  onChange: (eye: Eye) => void;
}

function Cell({ column, side, eye, notation, fault, readOnly, onChange }: CellProps) {
  const say = useSay("refraction_grid");
  const label = `${side.toUpperCase()} ${say(column)}`;
  if (column === "va") return <AcuityField label={label} eye={eye} notation={notation} readOnly={readOnly} onChange={onChange} />;
  if (column === "base") {
    return (
      <select className={parts.input} aria-label={label} aria-invalid={fault ? true : undefined} value={eye.base ?? ""} disabled={readOnly} onChange={(event) => onChange(without(eye, "base", (event.currentTarget.value || undefined) as Base | undefined))}>
        <option value="">–</option>
        {bases.map((base) => (
          <option key={base} value={base}>
            {say(`base_${base}`)}
          </option>
        ))}
      </select>
    );
  }
  return (
    <Steps
      label={label}
      value={eye[column]}
      show={column === "axis" || column === "prism" ? String : dioptres}
      step={(value, steps) => stepped(column, value, column === "axis" && Math.abs(steps) > 1 ? steps * 2.5 : steps)}
      low={ranges[column].low}
      high={ranges[column].high}
      fault={fault ? say(fault, { eye: side.toUpperCase(), low: ranges[column].low, high: ranges[column].high, step: ranges[column].step }) : undefined}
      readOnly={readOnly}
      onChange={(value) => onChange(without(eye, column, value))}
    />
  );
}

/** An eye with one entry set, or taken away. */
function without<Name extends keyof Eye>(eye: Eye, name: Name, value: Eye[Name]): Eye {
  const { [name]: _, ...others } = eye;
  return value === undefined ? others : { ...others, [name]: value };
}

/** Kept as it was read at the chart; shown in whichever notation is asked for. */
function AcuityField({ label, eye, notation, readOnly, onChange }: { label: string; eye: Eye; notation: Notation; readOnly: boolean; onChange: (eye: Eye) => void }) {
  const say = useSay("refraction_grid");
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const kept = eye.va ? readAcuity(eye.va, "metres") : null;
  const invalid = typed !== null && typed.trim() !== "" && readAcuity(typed, notation) === null;
  const shown = typed ?? (eye.va && (notation === "metres" || !kept) ? eye.va : kept ? writeAcuity(kept, notation) : "");
  return (
    <>
      <input
        className={`${parts.input} ${parts.figures}`}
        aria-label={label}
        aria-invalid={invalid || undefined}
        title={invalid ? say("acuityUnreadable") : undefined}
        list={id}
        dir="ltr"
        readOnly={readOnly}
        autoComplete="off"
        value={shown}
        onChange={(event) => {
          const text = event.currentTarget.value;
          setTyped(text);
          const acuity = readAcuity(text, notation);
          if (!acuity) onChange(without(eye, "va", undefined));
          else onChange(without(eye, "va", notation === "metres" && !/^[+-]?[\d.]+$/.test(text.trim()) && !acuity.sign ? text.trim().toUpperCase() : writeAcuity(acuity, "metres")));
        }}
        onBlur={() => {
          if (!invalid) setTyped(null);
        }}
      />
      <datalist id={id}>
        {[...lines.map((line) => writeAcuity(readAcuity(line, "metres")!, notation)), "CF", "HM", "PL", "NPL"].map((line) => (
          <option key={line} value={line} />
        ))}
      </datalist>
    </>
  );
}

function Distance({ name, refraction, readOnly, onChange }: { name: "pd" | "vd"; refraction: Refraction; readOnly: boolean; onChange: (next: Refraction) => void }) {
  const say = useSay("refraction_grid");
  return (
    <label className={css.distance}>
      <span>{say(name)}</span>
      <Steps
        label={say(`${name}_long`)}
        value={refraction[name]}
        show={String}
        step={(value, steps) => stepped(name, value, steps)}
        low={ranges[name].low}
        high={ranges[name].high}
        readOnly={readOnly}
        onChange={(value) => {
          const { [name]: _, ...others } = refraction;
          onChange(value === undefined ? others : { ...others, [name]: value });
        }}
      />
      <span className={css.unit} dir="ltr">
        {"mm"}
      </span>
    </label>
  );
}

/** Each acuity in every notation, so that nobody has to convert. */
function Acuities({ refraction }: { refraction: Refraction }) {
  const say = useSay("refraction_grid");
  const read = sides.map((side) => ({ side, acuity: refraction[side].va ? readAcuity(refraction[side].va, "metres") : null })).filter(({ acuity }) => acuity !== null);
  if (read.length === 0) return null;
  return (
    <table className={`${parts.table} ${css.acuities}`}>
      <caption className="hm-visually-hidden">{say("acuities")}</caption>
      <thead>
        <tr>
          <th scope="col">{say("va")}</th>
          {notations.map((one) => (
            <th key={one} scope="col" className={parts.number}>
              {say(one)}
            </th>
          ))}
          <th scope="col" className={parts.number}>
            {say("letters")}
          </th>
        </tr>
      </thead>
      <tbody>
        {read.map(({ side, acuity }) => (
          <tr key={side}>
            <th scope="row">{side.toUpperCase()}</th>
            {notations.map((one) => (
              <td key={one} className={parts.number}>
                <bdi dir="ltr">{writeAcuity(acuity!, one)}</bdi>
              </td>
            ))}
            <td className={parts.number}>{acuity!.sign ? "–" : letters(acuity!.logmar)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
