import { afterAll, describe, expect, it } from "vitest";
import { demo, uniqueName } from "./demo";
import { Person } from "./person";
import { Visit } from "./visit";

const people: Person[] = [];

async function doctorOf(pack: keyof typeof demo.doctors): Promise<Person> {
  const doctor = await Person.at(demo.doctors[pack]);
  people.push(doctor);
  return doctor;
}

afterAll(async () => {
  await Promise.all(people.map((person) => person.leave()));
});

describe("each medical system in its own facility", () => {
  it("general medicine: note, laboratory order and prescription within eight clicks", async () => {
    const doctor = await doctorOf("allopathy");
    const { page } = doctor;
    const visit = await Visit.walkIn(doctor, uniqueName("Anand"));
    await visit.begin();
    await visit.vitals("Record vitals");
    await visit.begun("opd_note", { chief_complaints: [{ complaint: "Fever", duration: 3, unit: "d" }], diagnoses: [{ description: "Viral fever", certainty: "provisional" }], plan: "Fluids and rest" });
    const form = await visit.open("Write the outpatient note", "Outpatient note");
    await form.getByText("Diagnoses").first().waitFor();
    await doctor.look("pack-allopathy-form");
    await visit.signForm(form, "Outpatient note");

    await doctor.within(8, "note, laboratory order and prescription", async () => {
      await doctor.click(page.getByRole("tab", { name: "Note", exact: true }));
      await doctor.focused(page.getByLabel("Subjective"));
      await doctor.type("Fever for three days, no rash");
      await doctor.click(page.getByRole("tab", { name: "Orders", exact: true }));
      await doctor.focused(page.getByLabel("Search the catalogue"));
      await doctor.type("CBC");
      await page.getByRole("option", { name: /blood count/i }).first().waitFor();
      await doctor.press("Enter");
      await doctor.click(page.getByLabel("Search the catalogue"));
      await doctor.type("Paracetamol");
      await page.getByRole("option", { name: /paracetamol/i }).first().waitFor();
      await doctor.press("Enter");
      const line = page.getByRole("article", { name: /Paracetamol/ });
      await doctor.focused(line.getByLabel("Dose"));
      await doctor.type("500");
      await doctor.press("Tab");
      await doctor.type("3");
      await doctor.press("Tab");
      await doctor.type("5");
      await doctor.look("pack-allopathy-orders");
      await doctor.click(page.getByRole("button", { name: "Sign", exact: true }));
      await page.getByText("Signed into the record.").waitFor();
    });
    await page.getByRole("region", { name: "Ordered" }).getByText(/Paracetamol/).waitFor();
    await visit.assess();
    await visit.sign();
    await doctor.photograph("pack-allopathy-pad");
    await visit.close();
    await doctor.goTo(`/patients/${visit.patient}`);
    await page.getByRole("region", { name: /Chart of/ }).waitFor();
    await doctor.look("pack-allopathy-chart");
    expect(doctor.complaints).toEqual([]);
  });

  it("ayurveda: prakriti by its questions and the radar of three doshas", async () => {
    const doctor = await doctorOf("ayurveda");
    const { page } = doctor;
    const visit = await Visit.walkIn(doctor, uniqueName("Bhavani"));
    await visit.begin();
    await visit.vitals(/Record vitals and nadi/);
    const form = await visit.open("Assess prakriti", "Prakriti assessment");
    await Visit.answer(form);
    await form.getByText(/vata/i).first().waitFor();
    await form.getByRole("figure", { name: "Prakriti" }).scrollIntoViewIfNeeded();
    await doctor.look("pack-ayurveda-form");
    await visit.signForm(form, "Prakriti assessment");
    await visit.assess();
    await visit.order("triphala");
    await doctor.look("pack-ayurveda-orders");
    await page.getByRole("button", { name: /^Take out/ }).click();
    await visit.sign();
    await visit.close();
    await doctor.goTo(`/patients/${visit.patient}`);
    await page.getByRole("region", { name: "Prakriti", exact: true }).waitFor();
    await doctor.look("pack-ayurveda-chart");
    expect(doctor.complaints).toEqual([]);
  });

  it("homeopathy: the case, then its rubrics in the repertory", async () => {
    const doctor = await doctorOf("homeopathy");
    const visit = await Visit.walkIn(doctor, uniqueName("Chitra"));
    await visit.begin();
    await visit.vitals("Intake and vitals");
    await visit.begun("case_taking", { complaints: [{ complaint: "Headache", sensation: "Throbbing", intensity: 3 }], thermal: "chilly" });
    const form = await visit.open("Take the case", "Case taking");
    await doctor.look("pack-homeopathy-form");
    await visit.signForm(form, "Case taking");
    const sheet = await visit.open("Repertorise", "Repertorisation");
    await sheet.getByText("Search for a rubric to begin.").waitFor();
    // a demo without an imported repertory says so in the tool's place
    const { results } = await doctor.ask<{ results: unknown[] }>("GET", "/api/repertory/rubrics?q=head");
    if (results.length > 0) {
      await sheet.getByRole("combobox", { name: "Search rubrics" }).fill("head");
      await doctor.page.getByRole("option").filter({ visible: true }).first().waitFor();
    } else await sheet.getByText(/no repertory yet/).waitFor();
    await doctor.look("pack-homeopathy-tool");
    await sheet.getByRole("button", { name: "Finish later" }).click();
    await visit.assess();
    await visit.sign();
    await visit.close();
    expect(doctor.complaints).toEqual([]);
  });

  it("eye: vision, then refraction eye by eye", async () => {
    const doctor = await doctorOf("eye");
    const visit = await Visit.walkIn(doctor, uniqueName("Deepa"));
    await visit.begin();
    await visit.vitals("Record vitals");
    await visit.begun("visual_acuity", { acuity: { od: { unaided: "6/18", best_corrected: "6/6" }, os: { unaided: "6/12", best_corrected: "6/6" } } });
    const vision = await visit.open("Check vision", "Visual acuity");
    await vision.getByText("20/20").first().waitFor();
    await doctor.look("pack-eye-form");
    await visit.signForm(vision, "Visual acuity");
    const lenses = { od: { sphere: -1.25, cylinder: -0.5, axis: 90, va: "6/6" }, os: { sphere: -1, va: "6/6" }, pd: 62, summary: "OD -1.25 / -0.50 x 90, OS -1.00" };
    await visit.begun("refraction", { subjective: lenses });
    const refraction = await visit.open("Refract", "Refraction");
    await refraction.getByText("Sph. eq.").first().waitFor();
    await doctor.look("pack-eye-tool");
    await visit.signForm(refraction, "Refraction");
    await visit.assess();
    await visit.sign();
    await visit.close();
    expect(doctor.complaints).toEqual([]);
  });

  it("cardiac: the ECG on its paper, reported", async () => {
    const doctor = await doctorOf("cardiac");
    const visit = await Visit.walkIn(doctor, uniqueName("Eshwar"));
    await visit.begin();
    await visit.vitals("Record vitals");
    await visit.begun("ecg_report", {
      recording: { synthetic: { seed: 7, rate: 84, rhythm: "sinus" }, summary: "Sinus rhythm at 84/min" },
      rate: 84,
      rhythm: "sinus",
      pr_ms: 160,
      qrs_ms: 90,
      qt_ms: 380,
      interpretation: "Normal ECG",
    });
    const form = await visit.open("Record and report the ECG", "ECG report");
    await form.getByText(/QTc/).first().waitFor();
    await doctor.look("pack-cardiac-form");
    await visit.signForm(form, "ECG report");
    await visit.assess();
    await visit.sign();
    await visit.close();
    expect(doctor.complaints).toEqual([]);
  });
});
