export const Turnaround = () => null;
