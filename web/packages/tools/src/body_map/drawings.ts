import { type Drawing, type Place, type Region, type Shape, middle, rounded } from "./shapes";
import type { Say } from "../words";

type SayMap = Say<"body_map">;
type Part = Parameters<SayMap>[0];

const mirrored = (points: readonly Place[], width: number): Place[] => points.map(([x, y]) => [width - x, y]);

// One half of a figure 200 wide, at the viewer's left; the other half mirrors it.
const trunkFront: [Part, readonly Place[]][] = [
  ["neck", [[91, 63], [109, 63], [113, 77], [87, 77]]],
  ["chest", [[72, 82], [87, 78], [113, 78], [128, 82], [130, 106], [123, 146], [77, 146], [70, 106]]],
  ["abdomen", [[77, 148], [123, 148], [121, 172], [127, 198], [73, 198], [79, 172]]],
  ["pelvis", [[73, 200], [127, 200], [134, 228], [103, 247], [97, 247], [66, 228]]],
];
const trunkBack: [Part, readonly Place[]][] = [
  ["nape", [[91, 63], [109, 63], [113, 77], [87, 77]]],
  ["upper_back", [[72, 82], [87, 78], [113, 78], [128, 82], [130, 106], [123, 146], [77, 146], [70, 106]]],
  ["lower_back", [[77, 148], [123, 148], [121, 172], [127, 198], [73, 198], [79, 172]]],
];
const buttock: [Part, readonly Place[]] = ["buttock", [[73, 200], [99, 200], [99, 248], [66, 231]]];
const limbs: [Part, readonly Place[]][] = [
  ["shoulder", [[69, 83], [57, 86], [48, 95], [44, 108], [66, 111], [68, 106]]],
  ["upper_arm", [[44, 110], [65, 113], [58, 152], [40, 148]]],
  ["forearm", [[40, 150], [58, 154], [46, 205], [33, 201]]],
  ["hand", [[33, 202], [47, 207], [48, 226], [40, 243], [30, 240], [26, 220]]],
  ["thigh", [[67, 233], [98, 249], [97, 318], [72, 316]]],
  ["knee", [[72, 318], [97, 320], [95, 345], [74, 343]]],
  ["lower_leg", [[73, 345], [95, 347], [90, 410], [78, 409]]],
  ["foot", [[78, 411], [91, 412], [95, 430], [86, 438], [71, 436]]],
];

/** A standing figure from the front and from behind, every part twice where there are two. */
export function body(say: SayMap): Drawing {
  const regions: Region[] = [];
  for (const view of ["front", "back"] as const) {
    const put = (part: Part, side: "right" | "left" | null, shape: Shape, at: Place) => {
      regions.push({ code: [side, part, view === "back" && inBoth(part) ? "back" : null].filter(Boolean).join("_"), title: titleOf(say, part, side, view), view, shape, at });
    };
    put("head", null, { kind: "ellipse", x: 100, y: 35, rx: 21, ry: 27 }, [100, 35]);
    for (const [part, points] of view === "front" ? trunkFront : trunkBack) put(part, null, { kind: "path", d: rounded(points, 7) }, middle(points));
    for (const [part, points] of view === "front" ? limbs : [buttock, ...limbs]) {
      // seen from the front, the patient's right is at the viewer's left
      for (const half of ["left", "right"] as const) {
        const there = half === "left" ? points : mirrored(points, 200);
        put(part, (half === "left") === (view === "front") ? "right" : "left", { kind: "path", d: rounded(there, 6) }, middle(there));
      }
    }
  }
  return { views: [{ code: "front", title: say("front"), viewBox: "14 0 172 446", outline: [] }, { code: "back", title: say("back"), viewBox: "14 0 172 446", outline: [] }], regions };
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

const inBoth = (part: Part): boolean => part === "head" || limbs.some(([name]) => name === part);

function titleOf(say: SayMap, part: Part, side: "right" | "left" | null, view: "front" | "back"): string {
  const named = side === null ? capital(say(part)) : say(side, { part: say(part) });
  return view === "back" && inBoth(part) ? say("from_behind", { part: named }) : named;
}

/** The front of each eye and its fundus, as an examiner who faces the patient sees them. */
export function eye(say: SayMap): Drawing {
  const regions: Region[] = [];
  const views: Drawing["views"] = [];
  for (const side of ["od", "os"] as const) {
    const flip = side === "os";
    const x = (at: number) => (flip ? 200 - at : at);
    const put = (view: string, part: Part, shape: Shape, at: Place) => regions.push({ code: `${side}_${part}`, title: `${side.toUpperCase()} ${say(part)}`, view, shape, at: [x(at[0]), at[1]] });
    const path = (d: string): Shape => ({ kind: "path", d: flip ? flipped(d) : d });
    const round = (cx: number, cy: number, r: number): Shape => ({ kind: "ellipse", x: x(cx), y: cy, rx: r, ry: r });

    // the right eye: its temporal side at the viewer's left, its nose at the right
    const front = `${side}_front`;
    views.push({ code: front, title: `${side.toUpperCase()} ${say("eye_front")}`, viewBox: "0 0 200 130", outline: [] });
    put(front, "upper_lid", path("M16 66 C40 6 150 0 182 74 C150 30 62 26 16 66Z"), [98, 24]);
    put(front, "lower_lid", path("M16 66 C56 122 140 118 182 74 C148 104 62 104 16 66Z"), [98, 106]);
    put(front, "temporal_conjunctiva", path("M18 66 C34 50 52 42 66 39 C60 56 60 80 67 92 C48 87 34 80 18 66Z"), [46, 66]);
    put(front, "nasal_conjunctiva", path("M133 39 C150 45 162 54 170 64 C164 70 163 76 168 82 C158 87 146 91 132 93 C140 78 140 56 133 39Z"), [152, 66]);
    put(front, "caruncle", path("M171 65 L182 74 L169 82 C165 76 166 70 171 65Z"), [173, 74]);
    put(front, "cornea", round(100, 66, 33), [100, 42]);
    put(front, "iris", round(100, 66, 25), [84, 66]);
    put(front, "lens", round(100, 66, 10.5), [100, 66]);

    const back = `${side}_fundus`;
    views.push({ code: back, title: `${side.toUpperCase()} ${say("fundus")}`, viewBox: "0 0 200 200", outline: vessels.map((d) => (flip ? flipped(d) : d)) });
    put(back, "superior_temporal", path("M100 100 L6 100 A94 94 0 0 1 100 6Z"), [52, 46]);
    put(back, "inferior_temporal", path("M100 100 L100 194 A94 94 0 0 1 6 100Z"), [52, 154]);
    put(back, "superior_nasal", path("M100 100 L100 6 A94 94 0 0 1 194 100Z"), [152, 42]);
    put(back, "inferior_nasal", path("M100 100 L194 100 A94 94 0 0 1 100 194Z"), [152, 158]);
    put(back, "macula", round(86, 104, 20), [86, 104]);
    put(back, "disc", round(136, 97, 14), [136, 97]);
  }
  // both fronts above both fundi
  return { views: views.toSorted((a, b) => Number(a.code.endsWith("_fundus")) - Number(b.code.endsWith("_fundus"))), regions };
}

/** The great vessels' arcs, from the disc round the macula. */
const vessels = ["M136 90 C126 52 78 42 40 66", "M136 104 C126 146 78 156 40 138", "M140 88 C152 62 168 50 182 48", "M140 106 C152 132 168 146 182 150"];

/** A path of absolute M, L, C, A and Z on a sheet 200 wide, seen in a mirror. */
export function flipped(d: string): string {
  return [...d.matchAll(/([MLCAZ])([^MLCAZ]*)/g)]
    .map(([, command, rest]) => {
      const values = rest!.trim() === "" ? [] : rest!.trim().split(/[\s,]+/).map(Number);
      if (command === "A") {
        const [rx, ry, turn, large, sweep, ax, ay] = values as [number, number, number, number, number, number, number];
        return `A${rx} ${ry} ${turn} ${large} ${1 - sweep} ${200 - ax} ${ay}`;
      }
      return `${command}${values.map((value, index) => (index % 2 === 0 ? 200 - value : value)).join(" ")}`;
    })
    .join("");
}
