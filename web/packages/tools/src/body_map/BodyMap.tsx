import { Button, TextInput } from "@mantine/core";
import { StatusChip } from "@hm/ui";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import parts from "../parts/parts.module.css";
import type { ToolProps } from "../host";
import { useSay } from "../words";
import { body, eye } from "./drawings";
import { type Direction, type Drawing, type Finding, type Found, type Region, type View, emitted, readDrawing, readFindings, readFound, towards, withFound, withRegions } from "./shapes";
import css from "./BodyMap.module.css";

/** Regions of a drawing, each with what was found there. */
export default function BodyMap({ config, title, host }: ToolProps) {
  const say = useSay("body_map");
  const { locale } = host;
  const drawing = useMemo(() => {
    const own = config.drawing === "eye" ? eye(say) : typeof config.drawing === "object" ? readDrawing(config.drawing, locale) : body(say);
    return withRegions(own, config, locale);
  }, [config, locale, say]);
  const findings = useMemo(() => readFindings(config, locale), [config, locale]);
  const found = readFound(host.value);
  const [chosen, setChosen] = useState<string | null>(null);
  const give = (next: Found[]) => host.emit(emitted(next, drawing.regions, findings, say("nothing")));
  const region = drawing.regions.find(({ code }) => code === chosen);

  function choose(code: string) {
    setChosen(code);
    // without findings to choose from, choosing is marking
    if (findings.length > 0 || host.readOnly) return;
    const marked = found.some((one) => one.code === code);
    give(marked ? found.filter((one) => one.code !== code) : withFound(found, { code, findings: [] }, true));
  }

  return (
    <div className={`${parts.tool} ${css.map}`} role="group" aria-label={title || undefined}>
      <div className={css.views} dir="ltr">
        {drawing.views.map((view) => (
          <Picture key={view.code} view={view} drawing={drawing} findings={findings} found={found} chosen={chosen} onChoose={choose} />
        ))}
      </div>
      <div className={css.side}>
        {host.readOnly ? null : region && findings.length > 0 ? (
          <Chooser key={region.code} region={region} findings={findings} found={found.find(({ code }) => code === region.code) ?? { code: region.code, findings: [] }} onChange={(next) => give(withFound(found, next, false))} />
        ) : (
          <p className={`${parts.quiet} ${parts.noPrint}`}>{say(findings.length > 0 ? "how" : "howMark")}</p>
        )}
        <Listed found={found} drawing={drawing} findings={findings} readOnly={host.readOnly} onRemove={(code) => give(found.filter((one) => one.code !== code))} />
      </div>
    </div>
  );
}

interface PictureProps {
  view: View;
  drawing: Drawing;
  findings: Finding[];
  found: Found[];
  chosen: string | null;
  onChoose: (code: string) => void;
}

const directions: Record<string, Direction> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

/** One stop for Tab; the arrows go from region to region as they lie, Enter chooses. */
function Picture({ view, drawing, findings, found, chosen, onChoose }: PictureProps) {
  const regions = drawing.regions.filter((region) => region.view === view.code);
  const [at, setAt] = useState(regions[0]?.code ?? "");
  const svg = useRef<SVGSVGElement>(null);
  const moved = useRef(false);
  useEffect(() => {
    if (moved.current) svg.current?.querySelector<SVGElement>('[tabindex="0"]')?.focus();
    moved.current = false;
  }, [at]);

  function onKeyDown(event: KeyboardEvent, region: Region) {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      onChoose(region.code);
      return;
    }
    const direction = directions[event.key];
    if (!direction) return;
    event.preventDefault();
    moved.current = true;
    setAt(towards(regions, region, direction).code);
  }

  return (
    <figure className={css.view}>
      <svg ref={svg} viewBox={view.viewBox} role="group" aria-label={view.title}>
        {regions.map((region) => {
          const here = found.findIndex(({ code }) => code === region.code);
          const what = here < 0 ? [] : found[here]!.findings.map((code) => findings.find((finding) => finding.code === code)?.title ?? code);
          const shared = {
            className: css.region,
            role: "button",
            tabIndex: region.code === at ? 0 : -1,
            "aria-label": [region.title, ...what].join(", "),
            "aria-pressed": here >= 0,
            "data-chosen": region.code === chosen || undefined,
            "data-tone": here < 0 ? undefined : toneOf(found[here]!, findings),
            onClick: () => {
              setAt(region.code);
              onChoose(region.code);
            },
            onKeyDown: (event: KeyboardEvent) => onKeyDown(event, region),
          };
          return region.shape.kind === "path" ? (
            <path key={region.code} {...shared} d={region.shape.d} />
          ) : (
            <ellipse key={region.code} {...shared} cx={region.shape.x} cy={region.shape.y} rx={region.shape.rx} ry={region.shape.ry} />
          );
        })}
        {view.outline.map((d) => (
          <path key={d} className={css.outline} d={d} />
        ))}
        {regions.map((region) => {
          const index = found.findIndex(({ code }) => code === region.code);
          return index < 0 ? null : (
            <g key={region.code} className={css.number} aria-hidden>
              <circle cx={region.at[0]} cy={region.at[1]} r={8} />
              <text x={region.at[0]} y={region.at[1] + 3.6} textAnchor="middle">
                {index + 1}
              </text>
            </g>
          );
        })}
      </svg>
      <figcaption>{view.title}</figcaption>
    </figure>
  );
}

const severity = ["neutral", "ok", "info", "progress", "warn", "critical"] as const;

/** The most serious of a region's findings gives the colour. */
function toneOf({ findings: codes }: Found, findings: Finding[]): string {
  const tones = codes.map((code) => severity.indexOf(findings.find((finding) => finding.code === code)?.tone ?? "info"));
  return severity[Math.max(...tones, codes.length === 0 ? 2 : 0)]!;
}

function Chooser({ region, findings, found, onChange }: { region: Region; findings: Finding[]; found: Found; onChange: (next: Found) => void }) {
  const say = useSay("body_map");
  const toggle = (code: string) => onChange({ ...found, findings: found.findings.includes(code) ? found.findings.filter((one) => one !== code) : [...found.findings, code] });
  return (
    <div className={`${css.chooser} ${parts.noPrint}`} role="group" aria-label={region.title}>
      <h3>
        <bdi>{region.title}</bdi>
      </h3>
      <div className={css.chips}>
        {findings.map((finding) => (
          <button key={finding.code} type="button" className={css.chip} aria-pressed={found.findings.includes(finding.code)} onClick={() => toggle(finding.code)}>
            {finding.title}
          </button>
        ))}
      </div>
      <TextInput label={say("note")} value={found.note ?? ""} maxLength={200} autoComplete="off" onChange={(event) => onChange({ ...found, note: event.currentTarget.value || undefined })} />
    </div>
  );
}

function Listed({ found, drawing, findings, readOnly, onRemove }: { found: Found[]; drawing: Drawing; findings: Finding[]; readOnly: boolean; onRemove: (code: string) => void }) {
  const say = useSay("body_map");
  if (found.length === 0) return <p className={parts.quiet}>{say("nothing")}</p>;
  return (
    <ol className={css.list} aria-label={say("found")}>
      {found.map((one) => {
        const title = drawing.regions.find(({ code }) => code === one.code)?.title ?? one.code;
        return (
          <li key={one.code}>
            <div>
              <strong>
                <bdi>{title}</bdi>
              </strong>
              {one.findings.map((code) => {
                const finding = findings.find((candidate) => candidate.code === code);
                return (
                  <StatusChip key={code} tone={finding?.tone ?? "info"}>
                    {finding?.title ?? code}
                  </StatusChip>
                );
              })}
              {one.note ? <bdi>{one.note}</bdi> : null}
            </div>
            {readOnly ? null : (
              <Button className={parts.noPrint} variant="subtle" size="compact-xs" aria-label={say("removeOf", { region: title })} onClick={() => onRemove(one.code)}>
                {say("remove")}
              </Button>
            )}
          </li>
        );
      })}
    </ol>
  );
}
