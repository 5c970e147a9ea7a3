export const Quality = () => null;
