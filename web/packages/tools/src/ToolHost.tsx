import { Button } from "@mantine/core";
import { ToneMark } from "@hm/ui";
import { Component, type ReactNode, useEffect, useMemo, useState } from "react";
import { CustomTool } from "./CustomTool";
import type { SourceFailure } from "./customSource";
import { type AllowedTool, type CustomToolSource, type Host, type ToolBind, type ToolComponent, type ToolConfig, ownFetch, summaryOf } from "./host";
import { Loading } from "./Loading";
import { isBuiltIn, tools } from "./registry";
import { Speaking, useSay } from "./words";
import css from "./ToolHost.module.css";

export interface ToolHostProps {
  /** A built-in tool's name, or `custom`. */
  tool: string;
  /** The tool's code in the pack's tools.yaml, when it has one. */
  code?: string;
  title?: string;
  config?: ToolConfig;
  bind?: ToolBind;
  /** What people call the fields named by `bind`. */
  titles?: Record<string, string>;
  /** Where a `custom` tool comes from. */
  custom?: CustomToolSource;
  /** The tenant's allow-list: a custom tool is loaded only when its address and hash stand in it. */
  allowed?: AllowedTool[];
  /** Shown in the tool's place when the value has no summary of its own, such as the document's. */
  summary?: string;
  host: Host;
}

/** A tool in its place in a form or a chart. Whatever happens to the tool, what surrounds it goes on working. */
export function ToolHost(props: ToolHostProps) {
  const [attempt, setAttempt] = useState(0);
  return (
    <Speaking locale={props.host.locale}>
      <Guard key={attempt} fallback={<Broken {...props} why="broken" onAgain={() => setAttempt(attempt + 1)} />}>
        <Placed {...props} onAgain={() => setAttempt(attempt + 1)} />
      </Guard>
    </Speaking>
  );
}

// the same objects at every drawing, so that a tool does not take them for news
const nothing = {};
const noTitles: Record<string, string> = {};
const noTools: AllowedTool[] = [];

/** The object of the drawing before, while what it says is the same: what a tool works out from it is kept. */
function useSame<T>(value: T): T {
  const [kept, keep] = useState(value);
  if (kept === value || JSON.stringify(kept) === JSON.stringify(value)) return kept;
  keep(value);
  return value;
}

type Failure = SourceFailure | "broken";
type Loaded = { tool: string; component: ToolComponent } | { tool: string; failed: true } | null;

function Placed(props: ToolHostProps & { onAgain: () => void }) {
  const { tool, code, title = "", custom, allowed = noTools, onAgain } = props;
  const config = useSame(props.config ?? nothing);
  const bind = useSame(props.bind ?? nothing);
  const titles = useSame(props.titles ?? noTitles);
  const host = useMemo<Host>(() => ({ ...props.host, fetch: ownFetch(props.host.fetch) }), [props.host]);
  const [loaded, setLoaded] = useState<Loaded>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  useEffect(() => {
    if (!isBuiltIn(tool)) return;
    let wanted = true;
    tools[tool]!().then(
      ({ default: component }) => wanted && setLoaded({ tool, component }),
      () => wanted && setLoaded({ tool, failed: true }),
    );
    return () => {
      wanted = false;
    };
  }, [tool]);

  if (tool === "custom" && custom) {
    if (failure) return <Broken {...props} why={failure} onAgain={onAgain} />;
    return <CustomTool key={code ?? custom.url} source={custom} allowed={allowed} config={config} bind={bind} titles={titles} title={title} host={host} onFailure={setFailure} />;
  }
  if (!isBuiltIn(tool)) return <Broken {...props} why="unknown" />;
  if (loaded?.tool !== tool) return <Loading />;
  if ("failed" in loaded) return <Broken {...props} why="broken" onAgain={onAgain} />;
  const Tool = loaded.component;
  return <Tool config={config} bind={bind} titles={titles} title={title} host={host} />;
}

/** In a broken tool's place: what is recorded, in plain words. */
function Broken({ why, host, summary, title, onAgain }: ToolHostProps & { why: Failure | "unknown"; onAgain?: () => void }) {
  const say = useSay("host");
  const recorded = summaryOf(host.value) || summary || "";
  return (
    <div className={css.broken}>
      {title ? <strong>{title}</strong> : null}
      <p className={css.why} role="status">
        <ToneMark tone="warn" />
        {say(why)}
      </p>
      <p>
        <span className={css.label}>{say("recorded")}</span> {recorded ? <bdi>{recorded}</bdi> : say("nothing")}
      </p>
      {onAgain && why !== "notAllowed" ? (
        <div>
          <Button variant="default" size="compact-sm" onClick={onAgain}>
            {say("again")}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

class Guard extends Component<{ fallback: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}
