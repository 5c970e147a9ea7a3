export const Receive = () => null;
