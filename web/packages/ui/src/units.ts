const unitSigns: [RegExp, string][] = [
  [/^Cel$/, "°C"],
  [/^\[degF\]$/, "°F"],
  [/^deg$/, "°"],
  [/^mm\[Hg\]$/, "mmHg"],
  [/^cm\[H2O\]$/, "cmH₂O"],
  [/^\[diop\]$/, "D"],
  [/^\[p'diop\]$/, "Δ"],
  [/^\[(in|ft|lb|oz|iU)_[a-z]+\]$/, "$1"],
  [/\[iU\]/g, "IU"],
  [/^\{([^}]*)\}$/, "$1"],
  [/\{([^}]*)\}/g, "$1"],
  [/10\*3/g, "10³"],
  [/10\*6/g, "10⁶"],
  [/10\*9/g, "10⁹"],
  [/10\*12/g, "10¹²"],
  [/(^|\/)u(?=[A-Za-z])/g, "$1µ"],
  [/m2\b/g, "m²"],
  [/(\d)_(?=[a-z])/g, "$1\u202f"],
];

/** A UCUM unit as it is written on paper. */
export function unitText(unit: string): string {
  return unitSigns.reduce((text, [sign, written]) => text.replace(sign, written), unit);
}
