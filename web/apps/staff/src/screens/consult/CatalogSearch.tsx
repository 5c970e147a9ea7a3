import { Combobox, Loader, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import type { CatalogService } from "@hm/client";
import { useErrorText } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useOrderTypeName } from "../../parts/orderWords";
import css from "./Orders.module.css";

/** One box for tests, medicines, procedures and whatever else the pack's catalogue holds: type, Enter, go on. */
export function CatalogSearch({ pack, onPick }: { pack: string; onPick: (service: CatalogService) => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const typeName = useOrderTypeName();
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 120);
  const found = useQuery({ ...read.catalog(q, pack), placeholderData: (before) => before });
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  // what is shown answers to what stands in the box: Enter never picks from an older search
  const settled = q === typed.trim() && found.isSuccess && !found.isPlaceholderData;
  const services = q ? (found.data ?? []) : [];

  // Enter came before the answer did: the first of what will answer is meant
  const [awaited, setAwaited] = useState(false);
  useEffect(() => {
    if (!awaited || !settled) return;
    setAwaited(false);
    if (services[0]) pick(services[0].code);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only the answer decides
  }, [awaited, settled]);

  const pick = (code: string) => {
    const service = services.find((one) => one.code === code);
    if (!service) return;
    onPick(service);
    setTyped("");
    combobox.closeDropdown();
  };

  return (
    <Combobox store={combobox} withinPortal={false} onOptionSubmit={pick} shadow="overlay">
      <Combobox.Target>
        <TextInput
          autoFocus
          type="search"
          leftSection={<Search size={16} aria-hidden />}
          rightSection={q && found.isFetching ? <Loader size={14} /> : null}
          aria-label={t("orders.search")}
          placeholder={t("orders.searchHint")}
          autoComplete="off"
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setAwaited(false);
            combobox.openDropdown();
          }}
          onFocus={() => typed && combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          onKeyDown={(event) => {
            if (event.key === "Escape" && typed) {
              event.stopPropagation();
              setTyped("");
              combobox.closeDropdown();
            }
            if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && typed.trim() && combobox.getSelectedOptionIndex() < 0) {
              event.preventDefault();
              setAwaited(true);
            }
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={typed.trim() === ""}>
        <Combobox.Options aria-label={t("orders.found")} className={css.options}>
          {services.map((service) => (
            <Combobox.Option key={service.code} value={service.code}>
              <span className={css.option}>
                <bdi className={css.serviceName}>{service.name}</bdi>
                <bdi className={css.code}>{service.code}</bdi>
                <span className={css.kind}>{typeName(service.order_type)}</span>
              </span>
            </Combobox.Option>
          ))}
          {found.isError ? <Combobox.Empty>{errorText(found.error)}</Combobox.Empty> : settled && services.length === 0 ? <Combobox.Empty>{t("orders.nothingFound", { q })}</Combobox.Empty> : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
