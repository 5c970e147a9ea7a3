import { Button, UnstyledButton } from "@mantine/core";
import type { Membership } from "@hm/client";
import { toast } from "@hm/ui";
import { useNavigate, useRouteContext } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { unsavedDrafts } from "../../app/drafts";
import { chooseScope } from "../../app/scope";
import { signOut } from "../../app/signOut";
import css from "./SignIn.module.css";

export function ChooseFacility() {
  const { t } = useTranslation();
  const { me } = useRouteContext({ from: "/person/choose-facility" });
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);

  async function choose(membership: Membership) {
    setBusy(true);
    try {
      await chooseScope(membership);
      await navigate({ to: "/", replace: true });
    } catch (error) {
      toast.failed(error);
      setBusy(false);
    }
  }

  // nothing was typed here, but words kept from an earlier session may still be wanted
  const leave = () => signOut(me.user.id, { keepDrafts: unsavedDrafts(me.user.id) > 0 }).catch(toast.failed);

  return (
    <main className={css.page}>
      <section className={`${css.card} ${css.wide}`} aria-labelledby="choose">
        <h1 id="choose">{t("chooseFacility.title", { name: me.user.full_name })}</h1>
        <p className={css.lead}>{t(me.memberships.length > 0 ? "chooseFacility.lead" : "chooseFacility.none")}</p>
        <ul className={css.places}>
          {me.memberships.map((one) => (
            <li key={one.facility_id}>
              <UnstyledButton className={css.place} disabled={busy} onClick={() => void choose(one)}>
                <span className={css.placeName}>
                  <bdi>{one.facility_name}</bdi>
                  <bdi className={css.placeRoles}>{one.tenant_name}</bdi>
                </span>
                <ChevronRight size={17} aria-hidden />
              </UnstyledButton>
            </li>
          ))}
        </ul>
        <Button variant="default" onClick={() => void leave()}>
          {t("shell.signOut")}
        </Button>
      </section>
    </main>
  );
}
