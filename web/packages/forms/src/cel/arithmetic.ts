/**
 * The arithmetic that browsers, processors and Go would each do a bit differently: the same text
 * as modules/packs/arithmetic.go, held to it by its vectors. Only operations that IEEE 754 fixes
 * to the last bit are used.
 */

const bits = new DataView(new ArrayBuffer(8));

/** x as a fraction from one half up to one, times a power of two. */
function split(x: number): [fraction: number, exponent: number] {
  if (x === 0 || !Number.isFinite(x)) return [x, 0];
  let exponent = 0;
  if (Math.abs(x) < 2.2250738585072014e-308) {
    x *= 2 ** 52;
    exponent = -52;
  }
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  exponent += ((high >>> 20) & 0x7ff) - 1022;
  bits.setUint32(0, ((high & 0x800fffff) | (1022 << 20)) >>> 0);
  return [bits.getFloat64(0), exponent];
}

/** x times a power of two, rounded once. */
function scaled(x: number, exponent: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const [fraction, own] = split(x);
  const whole = own + exponent - 1;
  if (whole < -1075) return Math.sign(x) * 0;
  if (whole > 1023) return Math.sign(x) * Number.POSITIVE_INFINITY;
  const denormal = whole < -1022;
  bits.setFloat64(0, fraction);
  const high = bits.getUint32(0);
  bits.setUint32(0, ((high & 0x800fffff) | ((whole + (denormal ? 53 : 0) + 1023) << 20)) >>> 0);
  return bits.getFloat64(0) * (denormal ? 2 ** -53 : 1);
}

const ln2High = 6.93147180369123816490e-1;
const ln2Low = 1.90821492927058770002e-10;

function logarithm(x: number): number {
  let [fraction, exponent] = split(x);
  if (fraction < Math.SQRT1_2) {
    fraction *= 2;
    exponent--;
  }
  const f = fraction - 1;
  const k = exponent;
  const s = f / (2 + f);
  const s2 = s * s;
  const s4 = s2 * s2;
  const odd = s2 * (6.666666666666735130e-1 + s4 * (2.857142874366239149e-1 + s4 * (1.818357216161805012e-1 + s4 * 1.479819860511658591e-1)));
  const even = s4 * (3.999999999940941908e-1 + s4 * (2.222219843214978396e-1 + s4 * 1.531383769920937332e-1));
  const half = 0.5 * f * f;
  return k * ln2High - (half - (s * (half + (odd + even)) + k * ln2Low) - f);
}

/** The logarithm to base ten; exact for the powers of ten. */
export function decimalLogarithm(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  let [fraction, exponent] = split(x);
  if (exponent > 0) {
    fraction *= 2;
    exponent--;
  }
  return exponent * 3.69423907715893078616e-13 + 4.34294481903251816668e-1 * logarithm(fraction) + exponent * 3.01029995663611771306e-1;
}

function exponential(x: number): number {
  if (x > 7.09782712893383973096e2) return Number.POSITIVE_INFINITY;
  if (x < -7.45133219101941108420e2) return 0;
  if (Math.abs(x) < 2 ** -28) return 1 + x;
  const k = Math.trunc(1.44269504088896338700 * x + (x < 0 ? -0.5 : 0.5));
  const high = x - k * ln2High;
  const low = k * ln2Low;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (1.66666666666666657415e-1 +
        t * (-2.77777777770155933842e-3 + t * (6.61375632143793436117e-5 + t * (-1.65339022054652515390e-6 + t * 4.13813679705723846039e-8))));
  return scaled(1 - (low - (r * c) / (2 - c) - high), k);
}

/** x to the power of y; NaN where there is no real answer. */
export function power(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (y === 1) return x;
  if (x === 0) return y < 0 ? Number.POSITIVE_INFINITY : 0;
  if (y === 0.5) return Math.sqrt(x);
  if (y === -0.5) return 1 / Math.sqrt(x);
  let whole = Math.trunc(Math.abs(y));
  let rest = Math.abs(y) - whole;
  if (rest !== 0 && x < 0) return Number.NaN;
  if (whole >= 2 ** 53) {
    if (x === -1) return 1;
    return Math.abs(x) < 1 === y > 0 ? 0 : Number.POSITIVE_INFINITY;
  }
  let answer = 1;
  let exponent = 0;
  if (rest !== 0) {
    if (rest > 0.5) {
      rest--;
      whole++;
    }
    answer = exponential(rest * logarithm(x));
  }
  let [square, squareExponent] = split(x);
  for (let left = whole; left !== 0; left = Math.floor(left / 2)) {
    if (squareExponent < -4096 || squareExponent > 4096) {
      exponent += squareExponent;
      break;
    }
    if (left % 2 === 1) {
      answer *= square;
      exponent += squareExponent;
    }
    square *= square;
    squareExponent *= 2;
    if (Math.abs(square) < 0.5) {
      square += square;
      squareExponent--;
    }
  }
  if (y < 0) {
    answer = 1 / answer;
    exponent = -exponent;
  }
  return scaled(answer, exponent);
}

/** The digits of a number as it is written, and where its point stands: 0.d1d2d3... times ten to the point. */
function written(x: number): { digits: string; point: number } {
  const [mantissa, exponent] = x.toExponential().split("e") as [string, string];
  return { digits: mantissa.replace(".", "").replace(/0+$/, ""), point: Number(exponent) + 1 };
}

const mostPlaces = 12n;

/**
 * Rounds to decimal places, halves away from nought, by the number as it is written; NaN outside
 * of -12 to 12 places.
 */
export function rounded(x: number, places: bigint): number {
  if (places < -mostPlaces || places > mostPlaces || !Number.isFinite(x)) return Number.NaN;
  if (x === 0) return x;
  const size = Math.abs(x);
  if ((size >= 1e15 && places >= 0n) || size < 1e-300) return x;
  const { digits, point } = written(size);
  const kept = point + Number(places); // so many digits stay
  if (kept < 0) return 0;
  if (kept >= digits.length) return x;
  const up = digits.charAt(kept) >= "5";
  const whole = BigInt(digits.slice(0, kept) || "0") + (up ? 1n : 0n);
  return Math.sign(x) * Number(`${whole}e${-Number(places)}`);
}

/** A double as Go's %g writes it, which is what string() of CEL gives. */
export function generalText(x: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "NaN" : x > 0 ? "+Inf" : "-Inf";
  const minus = x < 0 || Object.is(x, -0) ? "-" : "";
  if (x === 0) return `${minus}0`;
  const { digits, point } = written(Math.abs(x));
  const exponent = point - 1;
  if (exponent >= -4 && exponent < 6) return minus + plainText(Math.abs(x));
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
  return `${minus}${digits.charAt(0)}${fraction}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/** A number without an exponent, however long. */
export function plainText(x: number): string {
  if (x === 0) return "0";
  const { digits, point } = written(Math.abs(x));
  const text =
    point <= 0 ? `0.${"0".repeat(-point)}${digits}` : point >= digits.length ? digits.padEnd(point, "0") : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return (x < 0 ? "-" : "") + text;
}
