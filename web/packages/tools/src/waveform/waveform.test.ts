import { describe, expect, it } from "vitest";
import { bazett, derived, fridericia, judge, rateOf, readMeasurements, withInterval } from "./intervals";
import { leadNames, meanRate, rPeaks, readRecording } from "./signal";
import { type Rhythm, generator, rhythms, synthesize } from "./synthetic";

describe("intervals", () => {
  it.each([
    // QT, RR, Bazett, Fridericia (worked by hand)
    [400, 1000, 400, 400],
    [360, 640, 450, 418],
    [320, 500, 453, 403],
    [440, 1200, 402, 414],
    [420, 600, 542, 498],
  ])("QT %d at RR %d is %d by Bazett and %d by Fridericia", (qt, rr, b, f) => {
    expect(Math.round(bazett(qt, rr))).toBe(b);
    expect(Math.round(fridericia(qt, rr))).toBe(f);
  });

  it("counts beats from their distance", () => {
    expect(rateOf(1000)).toBe(60);
    expect(rateOf(600)).toBe(100);
    expect(rateOf(250)).toBe(240);
  });

  it("works out anew what follows from a new measurement", () => {
    const qt = withInterval({}, "qt_ms", 399.6);
    expect(qt).toEqual({ qt_ms: 400 });
    const both = withInterval(qt, "rr_ms", 1000);
    expect(both).toEqual({ qt_ms: 400, rr_ms: 1000, rate: 60, qtcb_ms: 400, qtcf_ms: 400 });
    expect(withInterval(both, "rr_ms", 640)).toEqual({ qt_ms: 400, rr_ms: 640, rate: 94, qtcb_ms: 500, qtcf_ms: 464 });
    expect(derived({ rate: 1, qtcb_ms: 2 })).toEqual({});
  });

  it("reads back what was measured, and nothing else", () => {
    expect(readMeasurements({ measurements: { rr_ms: 800, qt_ms: "x", extra: 1 } })).toEqual({ rr_ms: 800, rate: 75 });
    expect(readMeasurements(null)).toEqual({});
  });

  it.each([
    ["qtcb_ms", 455, "male", "outside"],
    ["qtcb_ms", 455, "female", "usual"],
    ["qtcf_ms", 460, "female", "outside"],
    ["qtcf_ms", 500, "female", "critical"],
    ["pr_ms", 200, "male", "usual"],
    ["pr_ms", 201, "male", "outside"],
    ["qrs_ms", 119, "male", "usual"],
    ["qrs_ms", 120, "male", "outside"],
  ] as const)("%s of %d (%s) is %s", (name, value, gender, judgement) => {
    expect(judge(name, value, gender)).toBe(judgement);
  });
});

describe("the synthetic ECG", () => {
  it("is the same for the same seed, and another for another", () => {
    const wish = { seed: 7, rhythm: "sinus" } as const;
    expect(synthesize(wish)).toEqual(synthesize(wish));
    expect(synthesize({ ...wish, seed: 8 })).not.toEqual(synthesize(wish));
  });

  it("has ten seconds of twelve leads", () => {
    const { sampling_hz, leads } = synthesize({ seed: 1, rhythm: "sinus" });
    expect(sampling_hz).toBe(500);
    expect(Object.keys(leads).sort()).toEqual([...leadNames].sort());
    for (const lead of leadNames) expect(leads[lead]).toHaveLength(5000);
  });

  it("keeps Einthoven's and Goldberger's laws", () => {
    const { leads } = synthesize({ seed: 3, rhythm: "sinus", st_mv: { II: 0.2 } });
    for (const index of [0, 333, 1234, 4999]) {
      const [i, ii] = [leads.I![index]!, leads.II![index]!];
      expect(leads.III![index]).toBeCloseTo(ii - i, 2);
      expect(leads.aVR![index]).toBeCloseTo(-(i + ii) / 2, 2);
      expect(leads.aVR![index]! + leads.aVL![index]! + leads.aVF![index]!).toBeCloseTo(0, 2);
    }
  });

  it.each([45, 72, 110, 150])("beats %d times a minute when asked to", (rate) => {
    const found = meanRate(synthesize({ seed: 5, rhythm: "sinus", rate }))!;
    expect(found.rate).toBeGreaterThan(rate * 0.97);
    expect(found.rate).toBeLessThan(rate * 1.03);
    expect(found.irregular).toBe(false);
  });

  it("is irregular in fibrillation and regular in flutter", () => {
    expect(meanRate(synthesize({ seed: 2, rhythm: "afib" }))!.irregular).toBe(true);
    expect(meanRate(synthesize({ seed: 2, rhythm: "flutter" }))!.irregular).toBe(false);
  });

  it("lifts ST where it is asked to, 60 ms after the QRS", () => {
    const at = (st_mv?: { V2: number }) => {
      const signal = synthesize({ seed: 4, rhythm: "sinus", rate: 60, st_mv });
      const r = rPeaks(signal)[2]!;
      return signal.leads.V2![Math.round((r + 0.12) * signal.sampling_hz)]!;
    };
    expect(at({ V2: 0.4 }) - at()).toBeGreaterThan(0.35);
  });

  it.each(rhythms.map((rhythm) => [rhythm] as [Rhythm]))("%s stays on the paper", (rhythm) => {
    const { leads } = synthesize({ seed: 9, rhythm });
    for (const lead of leadNames) for (const mv of leads[lead]!) expect(Math.abs(mv)).toBeLessThan(3.5);
  });

  it("draws its numbers evenly", () => {
    const random = generator(11);
    const drawn = Array.from({ length: 2000 }, random);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThan(1);
    expect(drawn.reduce((sum, one) => sum + one, 0) / drawn.length).toBeCloseTo(0.5, 1);
  });
});

describe("reading a recording", () => {
  it("takes what it can draw and leaves the rest", () => {
    expect(readRecording({ sampling_hz: 250, leads: { II: [0, 0.1], V1: ["x"], other: [1] } })).toEqual({ signal: { sampling_hz: 250, leads: { II: [0, 0.1] } } });
    expect(readRecording({ synthetic: { seed: 1, rhythm: "nonsense", rate: 9000 } })?.synthetic).toMatchObject({ rhythm: "sinus", rate: 300 });
  });

  it.each([null, undefined, 4, {}, { leads: {} }, { sampling_hz: 1, leads: { II: [1] } }, { sampling_hz: 500, leads: { II: [] } }])("draws nothing for %j", (value) => {
    expect(readRecording(value)).toBeNull();
  });

  it("finds no beat in a flat line", () => {
    expect(rPeaks({ sampling_hz: 100, leads: { II: Array(1000).fill(0) } })).toEqual([]);
    expect(meanRate({ sampling_hz: 100, leads: {} })).toBeNull();
  });
});
