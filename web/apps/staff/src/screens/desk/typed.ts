/** What the search box held becomes the first field of the form: a number is a phone, else a name. */
export function fromSearch(typed: string): { full_name: string; phone: string } {
  const text = typed.trim();
  const isPhone = /^[+\d][\d\s()-]{4,}$/.test(text);
  return { full_name: isPhone ? "" : text, phone: isPhone ? text : "" };
}
