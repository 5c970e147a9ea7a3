import css from "./Reading.module.css";

interface ReadingProps {
  /** The point that is told of. */
  x: number;
  y: number;
  /** Of the whole drawing: the words stay within it. */
  width: number;
  text: string;
  /** How far from the point the words stand, where other words stand at it too. */
  away?: number;
}

const height = 22;

/** What a chosen point says, in a box above it; below where there is no room. */
export function Reading({ x, y, width, text, away = 12 }: ReadingProps) {
  const wide = Math.min(width - 4, text.length * 6.3 + 14);
  const left = Math.min(width - wide - 2, Math.max(2, x - wide / 2));
  const above = y - away - height;
  const top = above > 8 ? above : y + away;
  return (
    <g className={css.reading} aria-hidden>
      <rect x={left} y={top} width={wide} height={height} rx={4} />
      <text x={left + wide / 2} y={top + 15} textAnchor="middle">
        {text}
      </text>
    </g>
  );
}
