import type { ToolComponent } from "./host";

/** The tools that are built in. Each is loaded when a form or a chart first asks for it. */
export const tools: Record<string, () => Promise<{ default: ToolComponent }>> = {
  body_map: () => import("./body_map/BodyMap"),
  radar: () => import("./radar/Radar"),
  refraction_grid: () => import("./refraction_grid/RefractionGrid"),
  rubric_grid: () => import("./rubric_grid/RubricGrid"),
  score_grid: () => import("./score_grid/ScoreGrid"),
  time_grid: () => import("./time_grid/TimeGrid"),
  trend: () => import("./trend/Trend"),
  waveform: () => import("./waveform/Waveform"),
};

export const isBuiltIn = (tool: string): boolean => Object.hasOwn(tools, tool);
