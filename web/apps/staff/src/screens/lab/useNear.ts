import { type RefObject, useEffect, useState } from "react";

/** How far outside the window something is still drawn: two screens, so that Enter never meets an empty place. */
const reach = "1600px 0px";
const watched = new WeakMap<Element, (near: boolean) => void>();
let observer: IntersectionObserver | undefined;

/** Whether an element is near what is seen. One observer watches all of them. */
export function useNear(element: RefObject<HTMLElement | null>, always: boolean): boolean {
  const [near, setNear] = useState(always);
  useEffect(() => {
    const one = element.current;
    if (always || !one || typeof IntersectionObserver === "undefined") {
      setNear(true);
      return;
    }
    observer ??= new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) watched.get(target)?.(isIntersecting);
      },
      // where the browser knows it, the reach counts from the edge of what scrolls, too
      { rootMargin: reach, scrollMargin: reach } as IntersectionObserverInit,
    );
    watched.set(one, setNear);
    observer.observe(one);
    return () => {
      watched.delete(one);
      observer?.unobserve(one);
    };
  }, [element, always]);
  return near;
}
