// The tab's own storage: it outlives a reload, and goes with the tab.
function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null; // a browser that keeps nothing
  }
}

function write(key, kept) {
  try {
    sessionStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // no room, or not allowed: then a reload begins anew
  }
}

// What a visit has beside its review, {} for nothing: another visit in the same tab gets it back, once.
function keepBeside(visit, now, restore) {
  const kept = read("unrolled-beside");
  const lost = kept && kept.visit !== visit && Object.keys(kept.now).length && JSON.stringify(kept.now) !== JSON.stringify(now);
  write("unrolled-beside", { visit, now: lost ? kept.now : now });
  if (lost) restore(kept.now);
}
