export const Collect = () => null;
