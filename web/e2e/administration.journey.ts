import { afterAll, beforeAll, expect, it } from "vitest";
import { demo, uniqueName } from "./demo";
import { Person } from "./person";
import { codeOf } from "./secondStep";

const username = `asif.${Date.now().toString(36)}@asha`;
const roleName = uniqueName("Front desk");
const passwords = { first: "wandering-heron-41", own: "patient-otter-87" };
let admin: Person;
const others: Person[] = [];

beforeAll(async () => {
  admin = await Person.arrive();
});

afterAll(async () => {
  await Promise.all([admin, ...others].map((person) => person?.leave()));
});

it("asks an administrator of two facilities where they work now", async () => {
  const { page } = admin;
  await admin.goTo("/sign-in");
  await page.getByLabel("Username").fill(demo.admin.username);
  await page.getByLabel("Password", { exact: true }).fill(demo.admin.password);
  await admin.press("Enter");
  await page.getByRole("listitem").getByRole("button", { name: "Asha East" }).or(admin.screens).first().waitFor();
  // who chose before is where they were; the choice stays open to them
  await admin.goTo("/choose-facility");
  await page.getByRole("listitem").getByRole("button", { name: "Asha East" }).waitFor();
  await admin.look("choose-facility");
  await page.getByRole("listitem").getByRole("button", { name: "Asha Main" }).click();
  await admin.screens.waitFor();
  await page.getByRole("button", { name: "Change facility" }).click();
  await page.getByRole("menuitem", { name: "Asha East" }).waitFor();
  await admin.look("facility-menu");
  await admin.press("Escape");
});

it("makes a role of the hospital's own", async () => {
  const { page } = admin;
  await admin.goTo("/admin/roles");
  await page.getByRole("row", { name: /doctor/i }).first().waitFor();
  await admin.look("roles");
  await page.getByRole("row", { name: /doctor/i }).first().click();
  await page.getByText("A built-in role is the same everywhere").waitFor();
  await admin.look("role-built-in");
  await admin.press("Escape");
  await page.getByRole("button", { name: "Add a role" }).click();
  const panel = page.getByRole("dialog", { name: "Add a role" });
  await panel.getByRole("textbox", { name: "Name" }).fill(roleName);
  await panel.getByRole("textbox", { name: "Code" }).fill(`desk_${Date.now().toString(36)}`);
  await panel.getByRole("checkbox", { name: /Register a patient/ }).check();
  await panel.getByRole("checkbox", { name: /Search patients and see/ }).check();
  await admin.look("new-role");
  await admin.press("Control+Enter");
  await page.getByRole("row", { name: new RegExp(roleName) }).waitFor();
  expect(admin.complaints).toEqual([]);
});

it("takes somebody on, and says at its field what is wrong", async () => {
  const { page } = admin;
  await admin.goTo("/admin/users");
  await page.getByRole("button", { name: "Add a person" }).click();
  const panel = page.getByRole("dialog", { name: "Add a person" });
  await panel.getByLabel("Full name").fill("Asif Iqbal");
  await panel.getByLabel("Username").fill(username);
  await panel.getByLabel(/^First password/).fill("password12");
  await panel.getByRole("combobox", { name: "Roles at Asha Main" }).click();
  await page.getByRole("option", { name: "Nurse", exact: true }).click();
  await admin.press("Control+Enter");
  await panel.getByText("This is one of the passwords that are guessed first.").waitFor();
  await panel.getByLabel("Email").focus();
  await admin.look("new-user");
  await panel.getByLabel(/^First password/).fill(passwords.first);
  await admin.press("Control+Enter");
  await page.getByText("Asif Iqbal can sign in now.").waitFor();
  await page.getByRole("row", { name: new RegExp(username) }).waitFor();
  expect(admin.complaints).toEqual([]);
});

it("lets them set their own password and a second step", async () => {
  const asif = await Person.arrive();
  others.push(asif);
  const { page } = asif;
  await asif.signIn({ username, password: passwords.first, facility: "Asha Main" });
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "My account" }).waitFor();
  await asif.look("user-menu");
  await page.getByRole("menuitem", { name: "My account" }).click();
  await page.getByLabel("Current password", { exact: true }).fill(passwords.first);
  await page.getByLabel("New password", { exact: true }).fill(passwords.own);
  await page.getByLabel("New password again", { exact: true }).fill(passwords.own);
  await asif.press("Enter");
  await page.getByText("Your password is changed.").waitFor();

  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  await page.getByLabel("Your password", { exact: true }).fill(passwords.own);
  await asif.press("Enter");
  await page.getByRole("img", { name: "QR code for the authenticator app" }).waitFor();
  await asif.look("account");
  const secret = new URL((await page.getByRole("link", { name: "Open the app on this device" }).getAttribute("href"))!).searchParams.get("secret")!;
  await page.getByLabel("Code from your authenticator app").fill(codeOf(secret, 0));
  await asif.press("Enter");
  await page.getByText("From now on signing in asks for a code.").waitFor();

  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(passwords.own);
  await asif.press("Enter");
  await asif.focused(page.getByLabel("Code from your authenticator app"));
  await asif.look("sign-in-code");
  await asif.type("000000");
  await asif.press("Enter");
  await page.getByText("This code is not right, or it was used already.").waitFor();
  // the code of the first step was used up by enrolling
  await page.getByLabel("Code from your authenticator app").fill(codeOf(secret, 1));
  await asif.press("Enter");
  await asif.screens.waitFor();
  expect(asif.complaints).toEqual([]);
});

it("says so before unsaved words would stay behind in the browser", async () => {
  const nurse = others[0]!;
  const { page } = nurse;
  const { encounter } = await nurse.hasArrived(uniqueName("Harini"));
  await nurse.goTo(`/triage?encounter=${encounter}`);
  const panel = page.getByRole("dialog", { name: "Record vitals" });
  await panel.getByLabel("Pulse").fill("91");
  await nurse.press("Escape");
  await panel.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  const question = page.getByRole("dialog", { name: "Sign out?" });
  await question.getByText("One form holds words that were never saved.").waitFor();
  await nurse.look("leave");
  await question.getByRole("button", { name: "Sign out and delete them" }).click();
  await page.getByLabel("Username").waitFor();
  expect(await page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith("hm.draft.")))).toEqual([]);
});

it("changes their roles and shuts them out", async () => {
  const { page } = admin;
  await admin.goTo("/admin/users");
  await page.getByRole("row", { name: new RegExp(username) }).click();
  const panel = page.getByRole("dialog", { name: "Asif Iqbal" });
  await panel.getByText("Second step at sign-in").waitFor();
  await panel.getByRole("combobox", { name: "Roles at Asha Main" }).click();
  await page.getByRole("option", { name: roleName }).click();
  await panel.getByText("Works at").click();
  await admin.look("user");
  await panel.getByRole("switch", { name: /May sign in here/ }).uncheck({ force: true });
  await admin.press("Control+Enter");
  await page.getByText("Asif Iqbal is saved.").waitFor();
  await page.getByRole("row", { name: new RegExp(username) }).getByText("Disabled").waitFor();
  const out = others[0]!;
  await out.page.getByLabel("Username").fill(username);
  await out.page.getByLabel("Password", { exact: true }).fill(passwords.own);
  await out.press("Enter");
  await out.page.getByRole("alert").waitFor();
  expect(admin.complaints).toEqual([]);
});

it("changes a facility's settings", async () => {
  const { page } = admin;
  await admin.goTo("/admin/facilities");
  await page.getByRole("row", { name: /Asha East/ }).waitFor();
  await admin.look("facilities");
  await page.getByRole("row", { name: /Asha East/ }).click();
  const panel = page.getByRole("dialog", { name: "Asha East" });
  await panel.getByLabel("Pattern of record numbers").fill("{nonsense}");
  await admin.press("Control+Enter");
  await expect.poll(() => panel.getByLabel("Pattern of record numbers").getAttribute("aria-invalid")).toBe("true");
  await admin.look("facility");
  await panel.getByLabel("Pattern of record numbers").fill("E{yy}-{number:7}");
  await admin.press("Control+Enter");
  await page.getByRole("row", { name: /E\{yy\}-\{number:7\}/ }).waitFor();
  expect(admin.complaints).toEqual([]);
});
