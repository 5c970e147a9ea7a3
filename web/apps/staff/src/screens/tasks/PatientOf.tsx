import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { read } from "../../app/queries";

/** The patient's name where only the id is known. */
export function PatientOf({ patientId }: { patientId: string }) {
  const person = useQuery({ ...read.patient(patientId), staleTime: 5 * 60_000 });
  if (person.isPending) return <Skeleton height={10} width={120} />;
  return <bdi>{person.data?.patient.full_name}</bdi>;
}
