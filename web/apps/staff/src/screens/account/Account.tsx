import { useTranslation } from "react-i18next";
import { useWorkplace } from "../../app/workplace";
import { Page } from "../../shell/Pane";
import css from "./Account.module.css";
import { Email } from "./Email";
import { Messages } from "./Messages";
import { Password } from "./Password";
import { SecondStep } from "./SecondStep";

/** One's own account: who one is here, the password, the second step at sign-in. */
export function Account() {
  const { t } = useTranslation();
  const { me } = useWorkplace();
  return (
    <Page title={t("shell.account")}>
      <div className={css.account}>
        <section className={css.card} aria-labelledby="account-who">
          <h2 id="account-who">{t("account.who")}</h2>
          <dl className={css.facts}>
            <dt>{t("admin.column.name")}</dt>
            <dd>
              <bdi>{me.user.full_name}</bdi>
            </dd>
            <dt>{t("signIn.username")}</dt>
            <dd>
              <bdi>{me.user.username}</bdi>
            </dd>
            {me.memberships.map((place) => (
              <div key={place.facility_id} className={css.place}>
                <dt>
                  <bdi>{place.facility_name}</bdi>
                </dt>
                <dd>
                  <bdi>{place.roles.map((role) => role.replaceAll("_", " ")).join(", ")}</bdi>
                </dd>
              </div>
            ))}
          </dl>
          <Email key={me.user.email} email={me.user.email} />
        </section>
        <Messages />
        <Password />
        <SecondStep />
      </div>
    </Page>
  );
}
