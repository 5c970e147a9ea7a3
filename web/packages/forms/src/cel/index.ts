export { type Program, compile } from "./evaluate";
export type { Band, Tables } from "./functions";
export { plainText } from "./arithmetic";
export type { Node } from "./parser";
export { type Shape, anyValue, cast, shapeOf } from "./shape";
export { typeOf } from "./types";
export { CostError, EvaluationError, Instant, type Value, type ValueMap, toFact, toJson } from "./values";
