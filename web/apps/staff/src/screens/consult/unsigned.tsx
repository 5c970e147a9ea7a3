import { ApiError, type Assessment, type ClinicalDocument, type Encounter, type Note, type Plan, type Warning, consultations, encounters, orders as orderCalls } from "@hm/client";
import { toast } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Draft, useDraft } from "../../app/drafts";
import { changed, read } from "../../app/queries";
import type { PadTab } from "../../app/router";
import { useWorkplace } from "../../app/workplace";
import { may } from "../../parts/EncounterStatus";
import { type Ruled, useRuled } from "../../parts/RulesDialog";
import { type OrderLine, faultsByLine, ordersOf } from "./orderLines";
import { filled, lines } from "./TextFields";

export interface AssessmentDraft {
  chief_complaint?: string;
  history?: string;
  diagnosis?: string;
  note?: string;
  medications?: string;
  investigations?: string;
  advice?: string;
  follow_up?: string;
}

/** All of a visit that is written and not signed yet, and the one act that signs it. */
export interface Unsigned {
  assessment: Draft<AssessmentDraft>;
  note: Draft<Note>;
  basket: Draft<OrderLine[]>;
  /** One's own drafts of documents; those chosen are signed too. */
  drafts: ClinicalDocument[];
  chosen: string[];
  choose: (ids: string[]) => void;
  /** What will be signed, for the bar: counts of each part. */
  parts: { assessment: boolean; plan: boolean; note: boolean; orders: number; documents: number };
  nothing: boolean;
  sign: Ruled;
  /** By line of the basket, by field. */
  lineFaults: Record<string, Record<string, string>>;
  warnings: Warning[];
  heard: () => void;
}

const emptyBasket: OrderLine[] = [];

export function useUnsigned(encounter: Encounter, onShow: (tab: PadTab) => void): Unsigned {
  const { t } = useTranslation();
  const { me, can } = useWorkplace();
  const assessment = useDraft<AssessmentDraft>(me.user.id, `${encounter.id}.assessment`, {});
  const note = useDraft<Note>(me.user.id, `${encounter.id}.note`, {});
  const basket = useDraft<OrderLine[]>(me.user.id, `${encounter.id}.orders`, emptyBasket);
  const documents = useQuery(read.documents({ encounter_id: encounter.id, include_drafts: true }));
  const drafts = (documents.data ?? []).filter((one) => one.status === "DRAFT" && may(one, "update"));
  const [picked, choose] = useState<string[]>([]);
  const [warnings, setWarnings] = useState<Warning[]>([]);

  const mine = {
    assessment: may(encounter, "assessment") ? assessmentOf(assessment.value) : {},
    plan: may(encounter, "plan") ? planOf(assessment.value) : {},
    note: may(encounter, "notes") ? filled(note.value) : {},
  };
  const written = { assessment: !isEmpty(mine.assessment), plan: !isEmpty(mine.plan), note: !isEmpty(mine.note) };
  const chosen = picked.filter((id) => drafts.some((draft) => draft.id === id));
  const { orders, places } = ordersOf(basket.value);
  const parts = { ...written, orders: basket.value.length, documents: chosen.length };
  const nothing = !written.assessment && !written.plan && !written.note && orders.length === 0 && chosen.length === 0;

  const sign = useRuled<{ warnings?: Warning[] }>({
    act: async (overrides) => {
      if (!can("consultations.can_sign")) return signParts();
      return consultations.sign(
        encounter.id,
        {
          ...(written.assessment ? { assessment: mine.assessment } : {}),
          ...(written.plan ? { plan: mine.plan } : {}),
          ...(written.note ? { note: mine.note } : {}),
          ...(chosen.length > 0 ? { document_ids: chosen } : {}),
          ...(orders.length > 0 ? { orders } : {}),
        },
        overrides,
      );

      /** For those who may write a part but not sign a consultation. */
      async function signParts() {
        if (written.assessment) await encounters.recordAssessment(encounter.id, mine.assessment);
        if (written.plan) await encounters.recordPlan(encounter.id, mine.plan);
        if (written.note) await encounters.recordNote(encounter.id, mine.note);
        const placed = [];
        for (const order of orders) placed.push(await orderCalls.place(encounter.id, order, overrides));
        return { warnings: placed.flatMap((order) => order.warnings ?? []) };
      }
    },
    onWarnings: setWarnings,
    onSuccess: () => {
      assessment.clear();
      note.clear();
      basket.clear();
      choose([]);
      toast.done(t("consult.signed"));
    },
    onError: (error) => {
      const first = error instanceof ApiError ? error.faults[0]?.location.replace(/^body\./, "") : undefined;
      const part = first?.split(/[.[]/)[0];
      if (part === "orders") onShow("orders");
      else if (part === "note") onShow("note");
      else if (part === "assessment" || part === "plan") onShow("assessment");
    },
    onSettled: () => changed("encounters", "tasks", "clinicaldocs", "orders"),
  });

  return {
    assessment,
    note,
    basket,
    drafts,
    chosen,
    choose,
    parts,
    nothing,
    sign: {
      ...sign,
      run: () => {
        if (nothing) return;
        setWarnings([]);
        sign.run();
      },
    },
    lineFaults: sign.error instanceof ApiError ? faultsByLine(sign.error.faults, places) : {},
    warnings,
    heard: () => setWarnings([]),
  };
}

const isEmpty = (content: object): boolean => Object.keys(content).length === 0;

function assessmentOf({ chief_complaint, history, diagnosis, note }: AssessmentDraft): Assessment {
  return filled({ chief_complaint, history, diagnosis, note });
}

function planOf(typed: AssessmentDraft): Plan {
  const medications = lines(typed.medications);
  const investigations = lines(typed.investigations);
  return {
    ...(medications.length > 0 ? { medications } : {}),
    ...(investigations.length > 0 ? { investigations } : {}),
    ...filled({ advice: typed.advice, follow_up: typed.follow_up }),
  };
}
