import { Activity, Baby, Bone, Brain, Droplets, Eye, FlaskConical, Flower, Hand, HeartPulse, Hospital, Leaf, type LucideIcon, Moon, Pill, Smile, Stethoscope, Sun } from "lucide-react";

/** The icons a pack can choose from. */
const icons: Readonly<Record<string, LucideIcon>> = {
  activity: Activity,
  stethoscope: Stethoscope,
  leaf: Leaf,
  droplets: Droplets,
  eye: Eye,
  "heart-pulse": HeartPulse,
  baby: Baby,
  brain: Brain,
  bone: Bone,
  smile: Smile,
  "flask-conical": FlaskConical,
  hand: Hand,
  sun: Sun,
  moon: Moon,
  flower: Flower,
  pill: Pill,
};

export const packIcon = (name: string | undefined): LucideIcon => (name ? icons[name] : undefined) ?? Hospital;
