// When the page is really being looked at. A hidden page has ten seconds before it counts as away.

const GRACE = 10_000;

/** @returns {() => void} stop watching */
export function watchPage({ away, back }) {
  let timer = 0;
  let isAway = false;
  const leave = () => {
    clearTimeout(timer);
    if (!isAway) away();
    isAway = true;
  };
  const come = () => {
    clearTimeout(timer);
    if (isAway) back();
    isAway = false;
  };
  const look = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(leave, GRACE);
    else come();
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", come);
  look();
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
    removeEventListener("pagehide", leave);
    removeEventListener("pageshow", come);
  };
}
