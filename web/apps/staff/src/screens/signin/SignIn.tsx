import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { session } from "@hm/client";
import { Hospital } from "lucide-react";
import { useTranslation } from "react-i18next";
import css from "./SignIn.module.css";
import { SignInForm } from "./SignInForm";

export function SignIn() {
  const { t } = useTranslation();
  const { to } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const queries = useQueryClient();
  return (
    <main className={css.page}>
      <section className={css.card} aria-labelledby="sign-in">
        <span className={css.mark} aria-hidden>
          <Hospital size={22} strokeWidth={2} />
        </span>
        <h1 id="sign-in">{t("signIn.title")}</h1>
        <p className={css.lead}>{t("signIn.lead")}</p>
        <SignInForm
          onDone={async () => {
            queries.clear();
            session.signedIn();
            await navigate({ href: to ?? "/", replace: true });
          }}
        />
      </section>
    </main>
  );
}
